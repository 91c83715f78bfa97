"""What is registered: one frozen row for each thing, its factory a reference that is imported on use."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from workbench import environment
from workbench.errors import NotInstalled, PluginError, WbError, reason


@dataclass(frozen=True, kw_only=True, eq=False)
class Entry:
    """One registered thing.

    ``factory`` is ``"package.module:Name"``, imported when :meth:`load` is first called, or the object itself. Entries
    are compared by identity: each is registered once (and a start of ``wb`` makes no comparison that it does not need).
    """

    kind: ClassVar[str] = "thing"
    """What it is, for people."""

    name: str
    """Its own name; where another plugin had that name first, ``plugin:name``."""
    factory: Any = field(repr=False)
    plugin: str
    distribution: str = ""
    """The distribution that brought the plugin; empty for one that was given as a module."""
    summary: str = ""
    extra: str = ""
    """The optional dependencies it needs, as an extra of the distribution, e.g. ``"deep"``."""

    @property
    def key(self) -> tuple[str, ...]:
        return (self.name,)

    @property
    def qualified(self) -> str:
        """``plugin:name``, by which it is found whatever other plugins are called."""
        return self.name if ":" in self.name else f"{self.plugin}:{self.name}"

    def load(self) -> Any:
        """The object itself.

        Raises :class:`NotInstalled` naming the command when its extra is missing, and :class:`PluginError` naming the
        plugin when its module cannot be imported.
        """
        return self._imported(self.factory)

    def _imported(self, factory: Any) -> Any:
        if not isinstance(factory, str):
            return factory
        module, _, attribute = factory.partition(":")
        try:
            return getattr(importlib.import_module(module), attribute)
        except (WbError, KeyboardInterrupt):
            raise
        except BaseException as error:
            missing = error.name or "" if isinstance(error, ModuleNotFoundError) else ""
            if self.extra and missing and missing.partition(".")[0] != module.partition(".")[0]:
                raise missing_extra(f"'{self.name}'", missing, self.extra, self.distribution) from error
            raise PluginError(f"{self.kind} '{self.name}' of plugin '{self.plugin}': {reason(error)}") from error


def missing_extra(what: str, package: str, extra: str, distribution: str = environment.NAME) -> NotInstalled:
    """The error for an absent optional dependency, with the command that installs it.

    ``extra`` is one of the ``distribution`` that brings the plugin; without one the package itself is named.
    """
    needed = f"'{distribution}[{extra}]'" if distribution and extra else package
    return NotInstalled(f"{what} needs {package}, which is not installed; run: pip install {needed}")


class TaskEntry(Entry):
    """A task (``workbench.data.tasks.Task``), e.g. tagging."""

    kind: ClassVar[str] = "task"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class MethodEntry(Entry):
    """A method (``workbench.methods.contract.Method``). One name may serve several tasks, one entry each."""

    kind: ClassVar[str] = "method"

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


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ReaderEntry(Entry):
    """A file reader (``workbench.data.readers.Reader``), or an opener (``workbench.data.openers.Opener``)."""

    kind: ClassVar[str] = "reader"

    task: str = ""
    """Empty for an opener, whose data sets say themselves what they are for."""
    suffixes: tuple[str, ...] = ()
    opens: bool = False
    """Whether it is an opener."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CorpusEntry(Entry):
    """A data set: its factory is a card (``"package:path/in/package.toml"``) or a generator of a corpus."""

    kind: ClassVar[str] = "data set"

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


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class EvaluatorEntry(Entry):
    """An evaluator (``workbench.scoring.evaluators.Evaluator``)."""

    kind: ClassVar[str] = "evaluator"

    task: str


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class FeaturizerEntry(Entry):
    """A featurizer (``workbench.methods.featurizers.Featurizer``)."""

    kind: ClassVar[str] = "featurizer"

    inputs: str
    """The kind of inputs it takes: ``"texts"``, ``"images"``, ``"matrix"``."""
    default: bool = False
    """Whether ``--features auto`` takes it for its kind of inputs."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ClassifierEntry(Entry):
    """A scikit-learn classifier for adapted features."""

    kind: ClassVar[str] = "classifier"

    default: bool = False
    """Whether ``--classifier auto`` takes it where neither the features nor the method name one."""


class SelectorEntry(Entry):
    """A way to choose settings without target labels (``workbench.choosing.selectors.Selector``)."""

    kind: ClassVar[str] = "selector"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class FigureEntry(Entry):
    """A figure drawn from a record (``workbench.report.figure.Figure``)."""

    kind: ClassVar[str] = "figure"

    methods: tuple[str, ...] = ()
    """The methods whose records it can draw; empty for any."""


class CommandEntry(Entry):
    """A command of ``wb``: its factory is a click command."""

    kind: ClassVar[str] = "command"


class ExecutorEntry(Entry):
    """Where a bench's runs are carried out (``workbench.benching.executors``)."""

    kind: ClassVar[str] = "executor"


class ExporterEntry(Entry):
    """A way to write a record for another program (``workbench.report.exporter.Exporter``)."""

    kind: ClassVar[str] = "exporter"


class CheckEntry(Entry):
    """A check of a pair of domains (``workbench.data.checks.Check``)."""

    kind: ClassVar[str] = "check"


class EstimatorEntry(Entry):
    """A way to estimate accuracy without target labels (``workbench.choosing.estimators.Estimator``)."""

    kind: ClassVar[str] = "estimator"


class ObserverEntry(Entry):
    """Something that is told of runs (``workbench.running.observers.Observer``)."""

    kind: ClassVar[str] = "observer"
