"""The contract of a figure: a picture drawn from a record, in a file of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path

from workbench.plugins.loading import Host
from workbench.running.records import Record


class Figure(ABC):
    """Draws one picture. Matplotlib is imported inside :meth:`draw`, never with the module."""

    @abstractmethod
    def draw(self, record: Record, path: Path, host: Host) -> None:
        """Draw from ``record`` into the PNG or SVG file ``path``; ``host`` is what a model is loaded with.

        Raises :class:`workbench.errors.WbError` where the record lacks what the picture shows.
        """
