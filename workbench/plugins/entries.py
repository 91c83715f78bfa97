"""What is registered: one frozen row for each thing, its factory a reference that is imported on use."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.errors import NotInstalled


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One registered thing.

    ``factory`` is ``"package.module:Name"``, imported when :meth:`load` is first called, or the object itself.
    """

    name: str
    factory: Any = field(repr=False)
    plugin: str
    summary: str = ""
    extra: str = ""
    """The optional dependencies it needs, as an extra of the distribution, e.g. ``"deep"``."""

    @property
    def key(self) -> tuple[str, ...]:
        return (self.name,)

    def load(self) -> Any:
        """The object itself. Raises :class:`NotInstalled` naming the command when its extra is missing."""
        return self._imported(self.factory)

    def _imported(self, factory: Any) -> Any:
        if not isinstance(factory, str):
            return factory
        module, _, attribute = factory.partition(":")
        try:
            return getattr(importlib.import_module(module), attribute)
        except ModuleNotFoundError as error:
            if self.extra and (error.name or "").partition(".")[0] != module.partition(".")[0]:
                raise missing_extra(f"'{self.name}'", error.name or "", self.extra) from error
            raise


def missing_extra(what: str, package: str, extra: str) -> NotInstalled:
    """The error for an absent optional dependency, with the command that installs it."""
    return NotInstalled(
        f"{what} needs {package}, which is not installed; run: pip install 'adaptation-workbench[{extra}]'"
    )


@dataclass(frozen=True, kw_only=True)
class TaskEntry(Entry):
    """A task (``workbench.data.tasks.Task``), e.g. tagging."""


@dataclass(frozen=True, kw_only=True)
class MethodEntry(Entry):
    """A method (``workbench.methods.contract.Method``). One name may serve several tasks, one entry each."""

    task: str
    variant: str = ""
    """Tells apart entries of one name and task that have other settings, e.g. ``"encoder"``; the plain entry has none.
    A run takes the first that has all settings given and takes the inputs (``workbench.methods.variants``)."""
    family: str
    """Its place in the taxonomy of the field, e.g. ``"feature/selection"``."""
    baseline: str = ""
    """The method that it is compared with; empty for a method that is itself a baseline."""
    aliases: tuple[str, ...] = ()
    """Other names of the field by which it is found."""
    estimator: str = ""
    """Reference to its scikit-learn estimator, which ``workbench.estimators`` offers under the method class's name."""
    companions: tuple[str, ...] = ()
    """Further methods that every run of this one fits and scores beside it, on the same data and seed."""

    @property
    def key(self) -> tuple[str, ...]:
        return (self.name, self.task, self.variant)

    def load_estimator(self) -> Any:
        """The class of its estimator; as :meth:`load`."""
        return self._imported(self.estimator)

    @property
    def place(self) -> str:
        """The task, and the variant where there is one, for people."""
        return f"{self.task}, {self.variant}" if self.variant else self.task


@dataclass(frozen=True, kw_only=True)
class ReaderEntry(Entry):
    """A file reader (``workbench.data.readers.Reader``), or an opener (``workbench.data.openers.Opener``)."""

    task: str = ""
    """Empty for an opener, whose data sets say themselves what they are for."""
    suffixes: tuple[str, ...] = ()
    opens: bool = False
    """Whether it is an opener."""


@dataclass(frozen=True, kw_only=True)
class CorpusEntry(Entry):
    """A data set: its factory is a card (``"package:path/in/package.toml"``) or a generator of a corpus."""

    task: str
    domains: tuple[str, ...] = ()
    """The domains of a collection; each is named ``collection/domain``."""
    short: bool = True
    """Whether a domain can be named without its collection."""
    generated: bool = False
    tasks: Mapping[str, str] = field(default_factory=dict)
    """The tasks of domains that are for another one than the rest of the collection."""

    def task_of(self, domain: str) -> str:
        return self.tasks.get(domain, self.task)


@dataclass(frozen=True, kw_only=True)
class EvaluatorEntry(Entry):
    """An evaluator (``workbench.scoring.evaluators.Evaluator``)."""

    task: str


@dataclass(frozen=True, kw_only=True)
class FeaturizerEntry(Entry):
    """A featurizer (``workbench.methods.featurizers.Featurizer``)."""

    inputs: str
    """The kind of inputs it takes: ``"texts"``, ``"images"``, ``"matrix"``."""
    default: bool = False
    """Whether ``--features auto`` takes it for its kind of inputs."""


@dataclass(frozen=True, kw_only=True)
class ClassifierEntry(Entry):
    """A scikit-learn classifier for adapted features."""

    default: bool = False
    """Whether ``--classifier auto`` takes it where neither the features nor the method name one."""


@dataclass(frozen=True, kw_only=True)
class SelectorEntry(Entry):
    """A way to choose settings without target labels (``workbench.choosing.selectors.Selector``)."""


@dataclass(frozen=True, kw_only=True)
class FigureEntry(Entry):
    """A figure drawn from a record (``workbench.report.figure.Figure``)."""

    methods: tuple[str, ...] = ()
    """The methods whose records it can draw; empty for any."""


@dataclass(frozen=True, kw_only=True)
class CommandEntry(Entry):
    """A command of ``wb``: its factory is a click command."""
