"""Named things with lazy factories: what is registered is a reference, imported only when it is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeVar

from workbench.errors import UnknownName, UsageError, WbError
from workbench.plugins.entries import (
    ClassifierEntry,
    CommandEntry,
    CorpusEntry,
    Entry,
    EvaluatorEntry,
    FeaturizerEntry,
    FigureEntry,
    MethodEntry,
    ReaderEntry,
    SelectorEntry,
    TaskEntry,
)

WHERE = {"method": "wb methods", "data set": "wb data list"}
"""The command that lists things of a kind; all else is in ``wb plugins list``."""


class Clash(WbError):
    """Two plugins registered the same name; the first keeps it."""


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
        """All entries of that name, or else alias (a method has one for each task); none is an error."""
        found = [entry for entry in self if entry.name == name]
        found = found or [entry for entry in self if name in getattr(entry, "aliases", ())]
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
        if 0 < len(names) <= 12:
            return f"there are: {', '.join(names)}"
        return f"see '{WHERE.get(self.kind, 'wb plugins list')}'"


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
