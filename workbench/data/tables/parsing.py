"""What a reader of tables has to say itself: which columns there must be, and what the example of a row is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from workbench.data.inputs import Inputs
from workbench.data.rows import Batch, Rows

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


class ParsedRows(Rows):
    """Rows that come one by one, each with what is wrong with it, and that a parser turns into examples."""

    parser: RowParser

    @abstractmethod
    def rows(self) -> Iterator[tuple[Row, str]]:
        """Every row and its error; empty for one that is whole."""

    def batches(self, size: int) -> Iterator[Batch]:
        rows = self.rows()
        while chunk := list(islice(rows, size)):
            errors = [error or self.parser.error_of(row) for row, error in chunk]
            good = [row for (row, _), error in zip(chunk, errors, strict=True) if not error]
            yield Batch([row for row, _ in chunk], self.parser.inputs_of(good), errors)
