"""The contract of rows: predictions go back beside the rows that they belong to, every row of them.

A reader that knows what a row of its format is overrides :meth:`workbench.Reader.rows` and gives :class:`Rows`. They
are read in batches, so that a file of any length takes the memory of one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np

from workbench.data.inputs import Inputs

Columns = Mapping[str, Sequence[Any]]
"""What is written beside n rows: by column, n cells; None for nothing, a sequence for one value a token."""


@dataclass(frozen=True, eq=False)
class Batch:
    """n rows in the file's order.

    Attributes
    ----------
    rows : sequence of n mappings
        What the file says of each row, by column.
    inputs : Inputs
        The examples of the good rows, in order.
    errors : sequence of n str
        What is wrong with a row that is no example, in a line; empty for a good one.
    form : optional
        The same rows as the format has them, for a writer of its own.
    """

    rows: Sequence[Mapping[str, Any]] = field(repr=False)
    inputs: Inputs = field(repr=False)
    errors: Sequence[str] = field(repr=False)
    form: Any = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.errors)

    @property
    def good(self) -> np.ndarray:
        """Where the n rows are examples, booleans (n,)."""
        return np.array([not error for error in self.errors], dtype=bool)


class RowWriter(ABC):
    """Writes rows with further columns beside them."""

    @abstractmethod
    def write(self, batch: Batch, columns: Columns) -> None:
        """Write the rows of a batch, with the further columns that the writer was made for."""

    @abstractmethod
    def close(self) -> None:
        """Write what is still held back; the stream stays open."""


class Rows(ABC):
    """The rows of one or several files, bad ones too."""

    fields: tuple[str, ...] = ()
    """The columns that the files have."""

    suffix: str = ""
    """Of the files' own format where predictions are written in it, e.g. ``".csv"``; empty for a format that has no
    place for them: those are written as a table."""

    notices: Sequence[str] = ()
    """What the user should know of the files, once they are read."""

    @abstractmethod
    def batches(self, size: int) -> Iterator[Batch]:
        """Every row, at most ``size`` at once. Raises :class:`DataError` where the files are not in the format."""

    def writer(self, stream: IO[bytes], columns: Mapping[str, type]) -> RowWriter:
        """What writes these rows in their own format; asked where there is a suffix.

        ``columns`` are the further ones, and what their cells hold: ``str`` or ``float``.
        """
        raise NotImplementedError(f"{type(self).__name__} has a suffix, so it must have a writer")
