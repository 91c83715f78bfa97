"""The contract of an exporter: a record written for another program."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path

from workbench.running.records import Record


class Exporter(ABC):
    """Writes a record in a format that another program reads."""

    @abstractmethod
    def export(self, record: Record, folder: Path) -> None:
        """Write the files of ``record`` into the existing empty ``folder``.

        Raises :class:`workbench.errors.WbError` where the record lacks what the format needs.
        """
