"""The contract of a featurizer, and which one a name means for given inputs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from workbench.data.inputs import Inputs, concatenate
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.plugins.loading import Host
from workbench.data.inputs import kind_of


class Featurizer(ABC):
    """Turns examples into a feature matrix; fitted on the inputs of source and target, never on labels."""

    scaling: ClassVar[str] = ""
    """The scaling that ``--scaling auto`` takes for these features; empty for its own rule."""

    @abstractmethod
    def fit(self, inputs: Inputs) -> Self:
        """Learn e.g. a vocabulary from unlabelled inputs of both domains."""

    def fit_domains(self, source: Inputs, target: Inputs) -> Self:
        """The same where it matters which domain an input is of; else nothing to write."""
        return self.fit(concatenate([source, target]))

    @abstractmethod
    def transform(self, inputs: Inputs) -> Any:
        """A dense or sparse matrix of shape (n, d): a row for each example, or for each word of the sentences."""

    @abstractmethod
    def save(self, folder: Path) -> None: ...

    @classmethod
    @abstractmethod
    def load(cls, folder: Path) -> Self: ...


def choose(name: str, inputs: Inputs, host: Host, option: str = "--features") -> str:
    """The featurizer that ``name`` means for these inputs; raises :class:`UsageError` where it does not fit.

    A name may say what a featurizer is to be made of, after a colon: ``embedding:minilm``. ``option`` is the setting
    that the error names.
    """
    kind = kind_of(inputs)
    fitting = [entry for entry in host.featurizers if entry.inputs == kind]
    if name == "auto":
        if kind == "matrix":
            return "raw"
        name = next((entry.name for entry in fitting if entry.default), "raw")
    registered = name.partition(":")[0]
    if (name == "raw" and kind != "matrix") or (name != "raw" and host.featurizers.get(registered) not in fitting):
        names = ", ".join(entry.name for entry in fitting) or "none is installed"
        raise UsageError(f"{option} {name} does not take {kind}; featurizers that do: {names}")
    return name


def new_featurizer(name: str, host: Host) -> Featurizer | None:
    """An unfitted featurizer of a name that :func:`choose` gave; None for raw features."""
    if name == "raw":
        return None
    kind, _, of = name.partition(":")
    featurizer_type = host.featurizers.get(kind).load()
    found: Featurizer = featurizer_type(of) if of else featurizer_type()
    return found


def save_featurizer(featurizer: Featurizer | None, folder: Path) -> str:
    """Write a featurizer below ``folder``; returns the reference that :func:`load_featurizer` asks for."""
    if featurizer is None:
        return ""
    (folder / "featurizer").mkdir()
    featurizer.save(folder / "featurizer")
    kind = type(featurizer)
    return f"{kind.__module__}:{kind.__qualname__}"


def load_featurizer(reference: str, folder: Path) -> Featurizer | None:
    """The featurizer that :func:`save_featurizer` wrote; None for an empty reference."""
    if not reference:
        return None
    found: Featurizer = _import(reference).load(folder / "featurizer")
    return found


def _import(reference: str) -> Any:
    import importlib

    module, _, name = reference.partition(":")
    return getattr(importlib.import_module(module), name)
