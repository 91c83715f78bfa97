"""Named things with lazy factories: what is registered is a reference, imported only when it is used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from workbench.errors import UnknownName, UsageError
from workbench.plugins.entries import (
    CheckEntry,
    ClassifierEntry,
    CommandEntry,
    CorpusEntry,
    Entry,
    EstimatorEntry,
    EvaluatorEntry,
    ExecutorEntry,
    ExporterEntry,
    FeaturizerEntry,
    FigureEntry,
    MethodEntry,
    ObserverEntry,
    ReaderEntry,
    SelectorEntry,
    TaskEntry,
)

WHERE = {"method": "wb methods", "data set": "wb data list"}
"""The command that lists things of a kind; all else is in ``wb plugins list``."""


@dataclass(frozen=True)
class Clash:
    """Two plugins registered the same name; the first keeps it, the other's has its plugin's name before it."""

    kind: str
    name: str
    first: str
    second: str

    def __str__(self) -> str:
        return (
            f"plugin '{self.second}' registers the {self.kind} '{self.name}', which plugin '{self.first}' already has; "
            f"it is there as '{self.second}:{self.name}'"
        )


E = TypeVar("E", bound=Entry)


class Registry(Generic[E]):
    """All entries of one kind, by name."""

    def __init__(self, entry_type: type[E]) -> None:
        self.entry_type = entry_type
        self.clashes: list[Clash] = []
        self._given: list[E] = []
        self._entries: dict[tuple[str, ...], E] = {}

    @property
    def kind(self) -> str:
        return self.entry_type.kind

    def __iter__(self) -> Iterator[E]:
        return iter(sorted(self._entries.values(), key=lambda entry: entry.key))

    def __len__(self) -> int:
        return len(self._entries)

    def as_registered(self) -> list[E]:
        """The entries in the order in which the plugins gave them."""
        return list(self._entries.values())

    def names(self) -> list[str]:
        return list(dict.fromkeys(entry.name for entry in self))

    def add(self, entry: E) -> None:
        """Add an entry; where another plugin has its name, as ``plugin:name``.

        Raises :class:`ValueError` for what is no name, and for a name that the plugin itself has given already.
        """
        if not isinstance(entry.name, str) or not re.fullmatch(r"[^\s:/@?]+", entry.name):
            raise ValueError(f"{entry.name!r} cannot name a {self.kind}: give a text without blanks and : / @ ?")
        self._given.append(entry)
        taken = self._entries.get(entry.key)
        if taken is None:
            self._entries[entry.key] = entry
        elif taken.plugin == entry.plugin:
            raise ValueError(f"the {self.kind} '{entry.name}' is registered twice")
        else:
            other = replace(entry, name=entry.qualified)
            if other.key in self._entries:
                raise ValueError(f"the {self.kind} '{entry.name}' is registered twice")
            self._entries[other.key] = other
            self.clashes.append(Clash(self.kind, entry.name, taken.plugin, entry.plugin))

    def remove_plugin(self, plugin: str) -> None:
        """Forget all that ``plugin`` registered; names that it had taken fall to the next."""
        kept = [entry for entry in self._given if entry.plugin != plugin]
        if len(kept) == len(self._given):
            return
        self.clashes, self._given, self._entries = [], [], {}
        for entry in kept:
            self.add(entry)

    def find(self, name: str) -> list[E]:
        """All entries of a name, ``plugin:name`` or alias (a method has one for each task); none is an error."""
        matches = [entry for entry in self if name in (entry.name, entry.qualified)]
        matches = matches or [entry for entry in self if name in getattr(entry, "aliases", ())]
        if not matches:
            raise UnknownName(self.kind, name, self.names(), hint=self._known())
        return matches

    def get(self, name: str, task: str | None = None, variant: str = "") -> E:
        """The one entry of that name (task, variant). Raises :class:`UsageError` saying what there is instead."""
        matches = self.find(name)
        if task is None:
            return matches[0]
        for entry in matches:
            if getattr(entry, "task", task) == task and getattr(entry, "variant", variant) == variant:
                return entry
        tasks = " and ".join(str(getattr(entry, "task", "")) for entry in matches)
        raise UsageError(f"{self.kind} '{name}' is for {tasks}, but the data is for {task}")

    def for_task(self, task: str) -> list[E]:
        return [entry for entry in self if getattr(entry, "task", None) == task]

    def split(self, reference: str) -> tuple[str, str]:
        """``NAME:REST`` as the name of an entry, which may itself be ``plugin:name``, and what follows.

        The name is empty where the reference begins with none, and then all of it follows.
        """
        first, _, rest = reference.partition(":")
        second, _, after = rest.partition(":")
        known = {known for entry in self for known in (entry.name, entry.qualified)}
        for name, left in ((f"{first}:{second}", after), (first, rest)):
            if name in known:
                return name, left
        return "", reference

    def _known(self) -> str:
        names = self.names()
        if 0 < len(names) <= 12:
            return f"there are: {', '.join(names)}"
        return f"see '{WHERE.get(self.kind, 'wb plugins list')}'"


class Registries:
    """One registry for each kind of thing; the hook that fills ``tasks`` is ``wb_register_tasks``."""

    def __init__(self) -> None:
        self.tasks = Registry(TaskEntry)
        self.readers = Registry(ReaderEntry)
        self.corpora = Registry(CorpusEntry)
        self.featurizers = Registry(FeaturizerEntry)
        self.classifiers = Registry(ClassifierEntry)
        self.methods = Registry(MethodEntry)
        self.evaluators = Registry(EvaluatorEntry)
        self.selectors = Registry(SelectorEntry)
        self.estimators = Registry(EstimatorEntry)
        self.checks = Registry(CheckEntry)
        self.figures = Registry(FigureEntry)
        self.exporters = Registry(ExporterEntry)
        self.executors = Registry(ExecutorEntry)
        self.observers = Registry(ObserverEntry)
        self.commands = Registry(CommandEntry)

    def all(self) -> Iterable[Registry[Any]]:
        return vars(self).values()

    def clashes(self) -> list[Clash]:
        """Every name that two plugins registered."""
        return [clash for registry in self.all() for clash in registry.clashes]

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

    Names are added at once, so that what is wrong is raised inside the plugin's hook and the plugin is left out whole.
    """

    def __init__(self, registry: Registry[E], plugin: str, distribution: str = "") -> None:
        self._registry, self._plugin, self._distribution = registry, plugin, distribution

    def __call__(self, name: str, factory: Any, **attributes: Any) -> None:
        entry_type = self._registry.entry_type
        whence = {"plugin": self._plugin, "distribution": self._distribution}
        self._registry.add(entry_type(name=name, factory=factory, **whence, **attributes))
