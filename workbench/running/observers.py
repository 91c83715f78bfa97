"""Who is told of runs, and the isolation of who is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from workbench.plugins.entries import ObserverEntry
from workbench.plugins.isolation import isolated
from workbench.running.specification import Specification

if TYPE_CHECKING:
    from workbench.plugins.loading import Host
    from workbench.running.records import Record


class Observer:
    """Is told of runs as they go; a subclass overrides what it wants to hear of.

    Nothing that it is given may be changed, and what it returns is ignored.
    """

    def run_begins(self, specification: Specification) -> None:
        """A run begins; nothing has been read yet."""

    def run_ends(self, record: Record) -> None:
        """A run's record has been written."""

    def fit_begins(self, method: str) -> None:
        """A method, or the baseline, begins to learn."""

    def fit_ends(self, method: str, seconds: float) -> None:
        """It has learnt, in so many seconds."""

    def cell_ends(self, name: str, error: str | None) -> None:
        """A cell of a bench has ended, with its error where it failed."""


class Observers(Observer):
    """Tells each observer in turn; one that raises is told of once and left out from then on."""

    def __init__(self, entries: Iterable[ObserverEntry], tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._members: list[tuple[ObserverEntry, Observer]] = []
        for entry in entries:
            with isolated(entry, tell):
                self._members.append((entry, entry.load()()))

    def run_begins(self, specification: Specification) -> None:
        self._each("run_begins", specification)

    def run_ends(self, record: Record) -> None:
        self._each("run_ends", record)

    def fit_begins(self, method: str) -> None:
        self._each("fit_begins", method)

    def fit_ends(self, method: str, seconds: float) -> None:
        self._each("fit_ends", method, seconds)

    def cell_ends(self, name: str, error: str | None) -> None:
        self._each("cell_ends", name, error)

    def _each(self, event: str, *arguments: Any) -> None:
        going_on = []
        for entry, observer in self._members:
            with isolated(entry, self._tell):
                getattr(observer, event)(*arguments)
                going_on.append((entry, observer))
        self._members = going_on


def observers_of(host: Host, tell: Callable[[str], None]) -> Observers:
    """Every registered observer as one; ``tell`` is given a line for each that fails."""
    return Observers(host.observers, tell)
