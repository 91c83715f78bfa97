"""CSV and TSV row by row: what is no row of the table comes back with its error."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import IO, Any

from workbench.data.readers import SourceFile
from workbench.data.rows import Batch, Columns, RowWriter
from workbench.data.tables.parsing import ParsedRows, Row, RowParser
from workbench.errors import DataError

UNDECODED = re.compile("[\udc80-\udcff]")
"""A byte that is no text in the encoding, as Python's ``surrogateescape`` keeps it."""

SAMPLE = 200
"""Rows from which a parser may guess its columns."""


class DelimitedRows(ParsedRows):
    """The rows of CSV or TSV files with one header.

    A row with too few cells is filled up, the surplus of one with too many stands in its last cell; both are errors,
    and so are a quote that nothing closes and bytes that are no text.
    """

    def __init__(self, files: Sequence[SourceFile], parser: RowParser, encoding: str = "utf-8") -> None:
        self.files, self.parser, self.encoding = files, parser, encoding
        self.tabs = files[0].name.lower().endswith(".tsv")
        self.suffix = ".tsv" if self.tabs else ".csv"
        self.header = next(self._lines(files[0]), ([], ""))[0]
        if not self.header:
            raise DataError(f"{files[0].name}: an empty file; give a table with a header")
        self.fields = tuple(unique_names(self.header))
        first = [self._row(cells)[0] for cells, _ in islice(self._lines(files[0]), 1, SAMPLE)]
        parser.choose(self.fields, first, files[0].name)

    def writer(self, stream: IO[bytes], columns: Mapping[str, type]) -> RowWriter:
        return DelimitedWriter(stream, [*self.header, *columns], self.tabs)

    def rows(self) -> Iterator[tuple[Row, str]]:
        for file in self.files:
            for number, (cells, error) in enumerate(self._lines(file)):
                if number:
                    row, ragged = self._row(cells)
                    yield row, error or ragged
                elif cells != self.header:
                    raise DataError(f"{file.name}: other columns than {self.files[0].name}; give one file at a time")

    def _row(self, cells: Sequence[str]) -> tuple[Row, str]:
        """The cells by their columns, and what is wrong with their number."""
        wanted = len(self.fields)
        if len(cells) == wanted:
            return dict(zip(self.fields, cells, strict=True)), ""
        error = f"{len(cells)} cells where the header has {wanted}"
        surplus = ("\t" if self.tabs else ",").join(cells[wanted - 1 :])
        cells = [*cells[: wanted - 1], surplus] if len(cells) > wanted else [*cells, *[""] * (wanted - len(cells))]
        return dict(zip(self.fields, cells, strict=True)), error

    def _lines(self, file: SourceFile) -> Iterator[tuple[list[str], str]]:
        """The cells of each row and what is wrong with them; the header first."""
        with file.open() as stream, text_of(stream, self.encoding, file.name) as text:
            for cells, error in cells_of(text, self.tabs):
                bad = next((cell for cell in cells if not cell.isascii() and UNDECODED.search(cell)), None)
                yield cells, error or ("" if bad is None else f"a byte that is no {self.encoding} text")


def cells_of(lines: Iterator[str], tabs: bool) -> Iterator[tuple[list[str], str]]:
    """The cells of each row with its error: csv's own, or a quote that no later line closes.

    A row that cannot be read costs its first line alone: the lines that it had swallowed are read again.
    """
    source = _Remembering(lines)
    quoting: Any = csv.QUOTE_NONE if tabs else csv.QUOTE_MINIMAL
    rows = csv.reader(source, delimiter="\t" if tabs else ",", quoting=quoting)
    while True:
        source.taken.clear()
        try:
            cells = next(rows)
            error = _unclosed(source.taken) if len(source.taken) > 1 else ""
        except StopIteration:
            return
        except csv.Error as problem:
            cells, error = [], f"not a table row ({problem})"
        if error:
            cells = [source.taken[0].rstrip("\r\n")]
            source.again = source.taken[1:] + source.again
        if cells:
            yield cells, error


class _Remembering(Iterator[str]):
    """Lines that are kept until the row that they make has been read."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.taken: list[str] = []
        self.again: list[str] = []

    def __next__(self) -> str:
        line = self.again.pop(0) if self.again else next(self.lines)
        self.taken.append(line)
        return line


def _unclosed(lines: Sequence[str]) -> str:
    """What is wrong where the quote of a row was still open at the end of the file."""
    try:
        list(csv.reader(lines, strict=True))
    except csv.Error as error:
        return "a quote that is never closed" if "unexpected end" in str(error) else ""
    return ""


def unique_names(header: Sequence[str]) -> list[str]:
    """The names of the columns, told apart where a table has one twice or not at all."""
    names: list[str] = []
    for number, cell in enumerate(header, 1):
        name = cell.strip() or f"column {number}"
        names.append(name if name not in names else f"{name} ({number})")
    return names


class DelimitedWriter(RowWriter):
    """CSV with quotes where a cell needs them; TSV without, where what would break a row becomes a blank."""

    def __init__(self, stream: IO[bytes], header: Sequence[str], tabs: bool) -> None:
        self.tabs = tabs
        self.text = io.TextIOWrapper(stream, "utf-8", "surrogateescape", newline="", write_through=True)
        self.buffer = io.StringIO(newline="")
        dialect: Any = {"delimiter": "\t", "quoting": csv.QUOTE_NONE, "quotechar": None} if tabs else {}
        self.rows = csv.writer(self.buffer, lineterminator="\n", **dialect)
        self.rows.writerow(header)

    def write(self, batch: Batch, columns: Columns) -> None:
        further = [[cell_text(cell) for cell in cells] for cells in columns.values()]
        for number, row in enumerate(batch.rows):
            cells = [*map(cell_text, row.values()), *(column[number] for column in further)]
            self.rows.writerow([_one_line(cell) for cell in cells] if self.tabs else cells)
        self._pass_on()

    def close(self) -> None:
        self._pass_on()
        self.text.flush()
        self.text.detach()

    def _pass_on(self) -> None:
        self.text.write(self.buffer.getvalue())
        self.buffer.seek(0)
        self.buffer.truncate()


def cell_text(cell: Any) -> str:
    """A cell as a table shows it: values of tokens stand beside each other, nothing is empty."""
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else " ".join(map(str, cell)) if isinstance(cell, list | tuple) else str(cell)


def _one_line(cell: str) -> str:
    return cell.replace("\t", " ").replace("\r", " ").replace("\n", " ")


def text_of(stream: IO[bytes], encoding: str, name: str) -> io.TextIOWrapper:
    """A stream as lines of text, bytes that are none kept; raises :class:`DataError` for an unknown encoding."""
    try:
        return io.TextIOWrapper(
            stream, "utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding, "surrogateescape", newline=""
        )
    except LookupError:
        raise DataError(f"{name}: unknown encoding '{encoding}'; use e.g. utf-8 or latin-1") from None
