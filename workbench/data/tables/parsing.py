"""What a reader of tables has to say itself: which columns there must be, and what the example of a row is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.data.inputs import Inputs

Row = Mapping[str, Any]


class RowParser(ABC):
    """From rows to examples."""

    @abstractmethod
    def choose(self, fields: Sequence[str], first: Sequence[Row], name: str) -> None:
        """Decide on the columns, from the names and the first rows of the file called ``name``.

        Raises :class:`DataError` that lists the columns where the wanted ones are not there.
        """

    @abstractmethod
    def error_of(self, row: Row) -> str:
        """Why a row is no example, in a line; empty for a good one."""

    @abstractmethod
    def inputs_of(self, rows: Sequence[Row]) -> Inputs:
        """The examples of good rows."""
