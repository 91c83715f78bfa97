"""JSON lines, one object a row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import IO, Any

from workbench.data.readers import SourceFile
from workbench.data.rows import Batch, Columns, RowWriter
from workbench.data.tables.delimited import SAMPLE, UNDECODED, text_of
from workbench.data.tables.parsing import ParsedRows, Row, RowParser
from workbench.errors import DataError

UNREADABLE = "line"
"""The key under which a line that is no object comes back."""


class JsonRows(ParsedRows):
    """The objects of JSON-lines files; a line that is none comes back as text with its error."""

    suffix = ".jsonl"

    def __init__(self, files: Sequence[SourceFile], parser: RowParser, encoding: str = "utf-8") -> None:
        self.files, self.parser, self.encoding = files, parser, encoding
        fields: dict[str, None] = {}
        for row, _ in self.rows():  # a key may come in a late row only
            fields.update(dict.fromkeys(row))
        if not fields:
            raise DataError(f"{files[0].name}: an empty file; give one JSON object a line")
        self.fields = tuple(fields)
        parser.choose(self.fields, [row for row, error in islice(self.rows(), SAMPLE) if not error], files[0].name)

    def writer(self, stream: IO[bytes], columns: Mapping[str, type]) -> RowWriter:
        return JsonWriter(stream)

    def rows(self) -> Iterator[tuple[Row, str]]:
        for file in self.files:
            with file.open() as stream, text_of(stream, self.encoding, file.name) as text:
                for line in text:
                    if line.strip():
                        yield self._parsed(line.strip())

    def _parsed(self, line: str) -> tuple[Row, str]:
        if not line.isascii() and UNDECODED.search(line):
            shown = UNDECODED.sub("\ufffd", line)
            return {UNREADABLE: shown}, f"a byte that is no {self.encoding} text"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            return {UNREADABLE: line}, f"not JSON ({error})"
        if not isinstance(row, dict):
            return {UNREADABLE: line}, "JSON, but not an object"
        return row, ""


class JsonWriter(RowWriter):
    """One object a line; a column that has nothing to say of a row is not in it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def write(self, batch: Batch, columns: Columns) -> None:
        lines = []
        for number, row in enumerate(batch.rows):
            further = {name: cells[number] for name, cells in columns.items() if cells[number] is not None}
            lines.append(json.dumps({**row, **further}, ensure_ascii=False, default=_plain) + "\n")
        self.stream.write("".join(lines).encode("utf-8", "surrogatepass"))

    def close(self) -> None:
        """Nothing is held back."""


def _plain(value: Any) -> Any:
    """A value of NumPy, or of another library, as JSON has it."""
    if isinstance(value, Mapping):
        return dict(value)
    return value.tolist() if hasattr(value, "tolist") else str(value)
