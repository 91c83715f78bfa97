"""Tables of labelled texts: CSV, TSV, JSON lines or Parquet with named columns."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, ClassVar

from pydantic import Field

from wb_text.readers.sentences import is_number, names_of
from wb_text.readers.table_rows import TextRows
from wb_text.readers.text_columns import TextColumns
from workbench.data.readers import Examples, Reader, SourceFile
from workbench.data.rows import Rows
from workbench.data.tables.opening import table_rows
from workbench.data.tables.parquet import parquet_rows
from workbench.errors import DataError
from workbench.settings import Settings

ADVICE = "choose with --label COLUMN"

SAMPLE = 200
"""Rows by which the column of the text is guessed where no usual name tells it."""

NONE = TextColumns((), "")


class Table(Reader):
    """One text and one label a row; rows without any text are skipped with a notice."""

    columns: ClassVar[Mapping[str, str]] = {"text": "text", "label": "label", "id": "id"}

    class Params(Settings):
        text: str = Field(
            "",
            description="Column of the text; several, joined by commas, are put together. By default one of a usual "
            "name (text, review, body, …), else the one with the most words.",
        )
        label: str = Field("", description="Column of the label; by default one of a usual name (label, class, …).")
        id: str = Field("", description="Column that tells the rows apart.")
        encoding: str = Field("utf-8", description="Character encoding.")

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        """JSON objects, or rows with a text in them: a table of numbers has at most a name for the class."""
        text = head.decode("utf-8", "replace").removeprefix("\ufeff")
        if text.lstrip().startswith("{"):
            return True
        lines = text.rstrip().splitlines()
        tabs = bool(lines) and "\t" in lines[0]
        if tabs and "" in lines:  # a column file's end of a sentence
            return False
        cells: list[str] = next(_cells(lines[1:3], tabs), [])
        words = [cell for cell in cells if cell.strip() and not is_number(cell)]
        return bool(words) and (len(words) > 1 or len(cells) < 3 or len(words[0].split()) > 1)

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        texts: list[str] = []
        labels: list[str | None] = []
        empty = 0
        known: dict[str, str] = {}
        why = ""
        for file in files:
            columns, rows = self._opened(file)
            known = known or columns.as_settings()
            for _, row in rows:
                text = columns.text_of(row)
                if not text:
                    empty += 1
                    continue
                texts.append(text)
                if labelled:
                    labels.append(_label(row, columns.label))
                    why = why or _why_unlabelled(row, columns.label, file)
        if not texts:
            raise DataError(f"{names_of(files)}: no rows with text in it; is it the right file and format?")
        notices = (f"{names_of(files)}: rows without text were skipped: {empty}",) if empty else ()
        return Examples(texts, labels if labelled else None, notices, columns=known, why_unlabelled=why)

    def rows(self, files: Sequence[SourceFile]) -> Rows:
        return table_rows(files, TextRows(self.params.text, self.params.label), self.params.encoding)

    def _opened(self, file: SourceFile) -> tuple[TextColumns, Iterator[tuple[int, Mapping[str, object]]]]:
        """The columns of a file and its rows, with their line numbers."""
        rows = self._rows(file)
        first = list(islice(rows, SAMPLE))
        fields = list(dict.fromkeys(name for _, row in first for name in row))
        where = f"{file.name}, line {first[0][0]}" if first else file.name
        shown = [row for _, row in first]
        columns = TextColumns.choose(fields, shown, self.params.text, self.params.label, where) if first else NONE
        return columns, chain(first, rows)

    def _rows(self, file: SourceFile) -> Iterator[tuple[int, Mapping[str, object]]]:
        if file.name.lower().endswith(".parquet"):
            return enumerate(parquet_rows(file), 1)
        text = file.read_text(self.params.encoding)
        name = file.name.lower()
        if name.endswith((".jsonl", ".ndjson")):
            return _json_rows(file, text)
        return _separated_rows(file, text, tabs=name.endswith(".tsv"))


def _label(row: Mapping[str, object], column: str) -> str | None:
    """The label of a row; None where there is no such column or nothing in it."""
    value = row.get(column)
    return (str(value).strip() or None) if value is not None else None


def _why_unlabelled(row: Mapping[str, object], column: str, file: SourceFile) -> str:
    """What is told of a table without any label."""
    if column in row:
        return f"{file.name}: nothing stands in the column '{column}'; {ADVICE}"
    known = ", ".join(key for key in row if key)
    return f"{file.name}: no column '{column or 'label'}', there are: {known}; {ADVICE}"


def _json_rows(file: SourceFile, text: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise DataError(f"{file.name}, line {number}: not JSON ({error}); give one object a line") from None
        if not isinstance(row, dict):
            raise DataError(f"{file.name}, line {number}: JSON, but not an object; give one {{…}} a line")
        yield number, row


def _separated_rows(file: SourceFile, text: str, tabs: bool) -> Iterator[tuple[int, Mapping[str, object]]]:
    """Rows with the file's line numbers."""
    stream = io.StringIO(text, newline="")
    rows = _cells(stream, tabs)
    header: list[str] | None = None
    try:
        for cells in rows:
            if not cells:
                continue
            if header is None:
                header = [cell.strip() for cell in cells]
                continue
            if len(cells) != len(header):
                advice = "" if tabs else "; a text with commas must stand in double quotes"
                raise DataError(
                    f"{file.name}, line {rows.line_num}: {len(cells)} cells where the header has {len(header)}{advice}"
                )
            yield rows.line_num, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        raise DataError(f"{file.name}, line {rows.line_num}: not a table row ({error}); mend or remove it") from None


def _cells(lines: Iterable[str], tabs: bool) -> Any:
    """The rows of a table; in TSV quotes are ordinary characters."""
    if tabs:
        return csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return csv.reader(lines)
