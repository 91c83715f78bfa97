"""A log of events that other programs can follow while a bench runs."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.running.observers import Observer
from workbench.running.specification import Specification

if TYPE_CHECKING:
    from workbench.running.records import Record


class EventLog(Observer):
    """Appends one JSON object a line to the file that ``WB_EVENTS`` names; without it, nothing.

    Each line is one write to a file opened for appending, so that processes that share it do not mix their lines.
    """

    def __init__(self) -> None:
        place = os.environ.get("WB_EVENTS", "")
        self._path = Path(place).expanduser() if place else None

    def run_begins(self, specification: Specification) -> None:
        self._write("run begins", method=specification.method, target=specification.target, seed=specification.seed)

    def run_ends(self, record: Record) -> None:
        self._write("run ends", record=str(record.folder))

    def fit_begins(self, method: str) -> None:
        self._write("fit begins", method=method)

    def fit_ends(self, method: str, seconds: float) -> None:
        self._write("fit ends", method=method, seconds=round(seconds, 3))

    def cell_ends(self, name: str, error: str | None) -> None:
        self._write("cell ends", cell=name, error=error)

    def _write(self, event: str, **about: Any) -> None:
        if self._path is None:
            return
        row = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, "process": os.getpid()}
        line = json.dumps({**row, **about}, ensure_ascii=False) + "\n"
        with self._path.open("ab", buffering=0) as stream:
            stream.write(line.encode())
