"""Named things with lazy factories: what is registered is a reference, imported only when it is used."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from workbench.errors import NotInstalled, UnknownName, UsageError, WbError


class Clash(WbError):
    """Two plugins registered the same name; the first keeps it."""


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
        if not isinstance(self.factory, str):
            return self.factory
        module, _, attribute = self.factory.partition(":")
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
    """A task (``workbench.tasks.Task``), e.g. tagging."""


@dataclass(frozen=True, kw_only=True)
class MethodEntry(Entry):
    """A method (``workbench.methods.Method``). One name may serve several tasks, one entry each."""

    task: str
    variant: str = ""
    """Tells apart entries of one name and task that have other settings, e.g. ``"encoder"``; the plain entry has none.
    A run takes the first that has all settings given and takes the inputs (``workbench.variants``)."""
    family: str
    """Its place in the taxonomy of the field, e.g. ``"feature/selection"``."""
    baseline: str = ""
    """The method that it is compared with; empty for a method that is itself a baseline."""
    companions: tuple[str, ...] = ()
    """Further methods that every run of this one fits and scores beside it, on the same data and seed."""

    @property
    def key(self) -> tuple[str, ...]:
        return (self.name, self.task, self.variant)

    @property
    def place(self) -> str:
        """The task, and the variant where there is one, for people."""
        return f"{self.task}, {self.variant}" if self.variant else self.task


@dataclass(frozen=True, kw_only=True)
class ReaderEntry(Entry):
    """A file reader (``workbench.readers.Reader``), or an opener of whole data sets (``workbench.readers.Opener``)."""

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


@dataclass(frozen=True, kw_only=True)
class EvaluatorEntry(Entry):
    """An evaluator (``workbench.scoring.Evaluator``)."""

    task: str


@dataclass(frozen=True, kw_only=True)
class FeaturizerEntry(Entry):
    """A featurizer (``workbench.features.Featurizer``)."""

    inputs: str
    """The kind of inputs it takes: ``"texts"``, ``"images"``, ``"matrix"``."""
    default: bool = False
    """Whether ``--features auto`` takes it for its kind of inputs."""


@dataclass(frozen=True, kw_only=True)
class ClassifierEntry(Entry):
    """A scikit-learn classifier for adapted features."""


@dataclass(frozen=True, kw_only=True)
class SelectorEntry(Entry):
    """A way to choose settings without target labels (``workbench.selection.Selector``)."""


@dataclass(frozen=True, kw_only=True)
class FigureEntry(Entry):
    """A figure drawn from a record (``workbench.figures.Figure``)."""

    methods: tuple[str, ...] = ()
    """The methods whose records it can draw; empty for any."""


@dataclass(frozen=True, kw_only=True)
class CommandEntry(Entry):
    """A command of ``wb``: its factory is a click command."""


E = TypeVar("E", bound=Entry)


class Registry(Generic[E]):
    """All entries of one kind, by name."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[tuple[str, ...], E] = {}

    def __iter__(self) -> Iterator[E]:
        return iter(sorted(self._entries.values(), key=lambda entry: entry.key))

    def __len__(self) -> int:
        return len(self._entries)

    def names(self) -> list[str]:
        return list(dict.fromkeys(entry.name for entry in self))

    def add(self, entry: E) -> None:
        """Raises :class:`Clash`, which names both sides, when the name is taken."""
        taken = self._entries.get(entry.key)
        if taken is not None:
            raise Clash(
                f"plugin '{entry.plugin}' registers the {self.kind} '{entry.name}', which plugin "
                f"'{taken.plugin}' already has"
            )
        self._entries[entry.key] = entry

    def remove_plugin(self, plugin: str) -> None:
        """Forget all that ``plugin`` registered."""
        self._entries = {key: entry for key, entry in self._entries.items() if entry.plugin != plugin}

    def find(self, name: str) -> list[E]:
        """All entries of that name (a method has one for each task it serves); none is an error."""
        found = [entry for entry in self if entry.name == name]
        if not found:
            raise UnknownName(self.kind, name, self.names(), hint=self._known())
        return found

    def get(self, name: str, task: str | None = None, variant: str = "") -> E:
        """The one entry of that name (task, variant). Raises :class:`UsageError` saying what there is instead."""
        found = self.find(name)
        if task is None:
            return found[0]
        for entry in found:
            if getattr(entry, "task", task) == task and getattr(entry, "variant", variant) == variant:
                return entry
        tasks = " and ".join(str(getattr(entry, "task", "")) for entry in found)
        raise UsageError(f"{self.kind} '{name}' is for {tasks}, but the data is for {task}")

    def for_task(self, task: str) -> list[E]:
        return [entry for entry in self if getattr(entry, "task", None) == task]

    def _known(self) -> str:
        names = self.names()
        return f"there are: {', '.join(names)}" if 0 < len(names) <= 12 else f"see 'wb {self.kind}s'"


class Registries:
    """One registry for each kind of thing."""

    def __init__(self) -> None:
        self.tasks: Registry[TaskEntry] = Registry("task")
        self.methods: Registry[MethodEntry] = Registry("method")
        self.readers: Registry[ReaderEntry] = Registry("reader")
        self.corpora: Registry[CorpusEntry] = Registry("data set")
        self.evaluators: Registry[EvaluatorEntry] = Registry("evaluator")
        self.featurizers: Registry[FeaturizerEntry] = Registry("featurizer")
        self.classifiers: Registry[ClassifierEntry] = Registry("classifier")
        self.selectors: Registry[SelectorEntry] = Registry("selector")
        self.figures: Registry[FigureEntry] = Registry("figure")
        self.commands: Registry[CommandEntry] = Registry("command")

    def all(self) -> Iterable[Registry[Any]]:
        return vars(self).values()

    def remove_plugin(self, plugin: str) -> None:
        for registry in self.all():
            registry.remove_plugin(plugin)

    def of_plugin(self, plugin: str) -> dict[str, list[str]]:
        """What a plugin registered: names by kind."""
        names = {
            registry.kind: list(dict.fromkeys(entry.name for entry in registry if entry.plugin == plugin))
            for registry in self.all()
        }
        return {kind: found for kind, found in names.items() if found}


class Registrar(Generic[E]):
    """What a hook is handed: ``register(name, factory, …)`` adds to one registry in the plugin's name.

    Names are added at once, so that a clash is raised inside the plugin's hook and the plugin is left out whole.
    """

    def __init__(self, registry: Registry[E], entry_type: type[E], plugin: str) -> None:
        self._registry, self._entry_type, self._plugin = registry, entry_type, plugin

    def __call__(self, name: str, factory: Any, **attributes: Any) -> None:
        self._registry.add(self._entry_type(name=name, factory=factory, plugin=self._plugin, **attributes))
