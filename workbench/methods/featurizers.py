"""The contract of a featurizer, and which one a name means for given inputs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from workbench.data.inputs import Inputs, concatenate, kind_of
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.plugins.loading import Host


class Featurizer(ABC):
    """Turns examples into a feature matrix; fitted on the inputs of source and target, never on labels."""

    scaling: ClassVar[str] = ""
    """The scaling that ``--scaling auto`` takes for these features; empty for its own rule."""

    classifier: ClassVar[str] = ""
    """The classifier that ``--classifier auto`` takes for these features; empty for that of the method."""

    caveat: str = ""
    """What the user must know of these features of these inputs, once fitted, where another featurizer would do."""

    name: str = ""
    """The registered name that it was made by; records hold it, and :func:`load_featurizer` looks it up."""

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
    registered, _ = _parts(name, host)
    if (name == "raw" and kind != "matrix") or (name != "raw" and host.featurizers.get(registered) not in fitting):
        names = ", ".join(entry.name for entry in fitting) or "none is installed"
        raise UsageError(f"{option} {name} does not take {kind}; featurizers that do: {names}")
    return name


def _parts(name: str, host: Host) -> tuple[str, str]:
    """The registered name, which may be ``plugin:name``, and what the featurizer is to be made of."""
    registered, of = host.featurizers.split(name)
    return (registered, of) if registered else (name.partition(":")[0], name.partition(":")[2])


def featurizer_type(name: str, host: Host) -> Any:
    """The class of a featurizer of a name that :func:`choose` gave; None for raw features."""
    return None if name == "raw" else host.featurizers.get(_parts(name, host)[0]).load()


def new_featurizer(name: str, host: Host) -> Featurizer | None:
    """An unfitted featurizer of a name that :func:`choose` gave; None for raw features."""
    kind = featurizer_type(name, host)
    if kind is None:
        return None
    of = _parts(name, host)[1]
    featurizer: Featurizer = kind(of) if of else kind()
    featurizer.name = name
    return featurizer


def save_featurizer(featurizer: Featurizer | None, folder: Path) -> str:
    """Write a featurizer below ``folder``; returns the registered name that :func:`load_featurizer` asks for.

    Raises ``ValueError`` for one that :func:`new_featurizer` did not make: nobody could load it again.
    """
    if featurizer is None:
        return ""
    if not featurizer.name:
        raise ValueError(f"{type(featurizer).__name__} was not made by its registered name")
    (folder / "featurizer").mkdir()
    featurizer.save(folder / "featurizer")
    return featurizer.name


def load_featurizer(name: str, folder: Path, host: Host) -> Featurizer | None:
    """The featurizer that :func:`save_featurizer` wrote; None for an empty name.

    Raises :class:`workbench.errors.UnknownName` where no plugin registers the name.
    """
    if not name:
        return None
    featurizer: Featurizer = host.featurizers.get(_parts(name, host)[0]).load().load(folder / "featurizer")
    featurizer.name = name
    return featurizer
