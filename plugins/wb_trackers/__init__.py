"""Following runs from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import ObserverEntry
    from workbench.plugins.registry import Registrar


@hookimpl
def wb_register_observers(register: Registrar[ObserverEntry]) -> None:
    register("events", "wb_trackers.events:EventLog", summary="a JSON line for each event, in the file WB_EVENTS")
