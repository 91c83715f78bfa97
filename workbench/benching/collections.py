"""The domains of a collection that a bench pairs with each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.data.opening import names_of
from workbench.errors import UsageError
from workbench.plugins.entries import CorpusEntry
from workbench.plugins.loading import Host


@dataclass(frozen=True)
class Collection:
    """The domains of one task, and those of the others, which cannot be paired with them."""

    name: str
    task: str
    domains: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def notice(self) -> str:
        """What is left out, in a line; empty where nothing is."""
        if not self.left_out:
            return ""
        others = ", ".join(self.left_out)
        return (
            f"collection '{self.name}': its domains for {self.task} are run; left out are {others} (--pairs takes them)"
        )


def collection(name: str, methods: Sequence[str], host: Host) -> Collection:
    """The domains of a collection for the first of its tasks that a method has. Raises :class:`UsageError`."""
    entry = next((entry for entry in host.corpora if entry.name == name), None)
    if entry is None or not entry.domains:
        known = ", ".join(entry.name for entry in host.corpora if entry.domains)
        raise UsageError(f"no collection '{name}'; there are: {known}")
    task = _task(entry, methods, host)
    domains = tuple(names_of(entry, task))
    return Collection(name, task, domains, tuple(other for other in names_of(entry) if other not in domains))


def _task(entry: CorpusEntry, methods: Sequence[str], host: Host) -> str:
    able = {one.task for method in methods for one in host.methods.find(method)}
    tasks = dict.fromkeys([entry.task, *(entry.task_of(domain) for domain in entry.domains)])
    return next((task for task in tasks if task in able), entry.task)
