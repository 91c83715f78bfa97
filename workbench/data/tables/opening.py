"""The rows of tables by their suffix, and writers of tables by the suffix of what is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import IO

from workbench.data.readers import SourceFile
from workbench.data.rows import Rows, RowWriter
from workbench.data.tables.delimited import DelimitedRows, DelimitedWriter
from workbench.data.tables.json_lines import JsonRows, JsonWriter
from workbench.data.tables.parquet import ParquetRows
from workbench.data.tables.parsing import RowParser

JSON = (".jsonl", ".ndjson")
TABLES = (".csv", ".tsv", *JSON)
"""What any rows can be written as."""


def table_rows(files: Sequence[SourceFile], parser: RowParser, encoding: str) -> Rows:
    """The rows of CSV, TSV, JSON lines or Parquet files, whose first one's suffix says which."""
    name = files[0].name.lower()
    if name.endswith(".parquet"):
        return ParquetRows(files, parser)
    return JsonRows(files, parser, encoding) if name.endswith(JSON) else DelimitedRows(files, parser, encoding)


def table_writer(suffix: str, stream: IO[bytes], fields: Sequence[str], columns: Mapping[str, type]) -> RowWriter:
    """A writer of rows with these ``fields`` and the further ``columns`` as a table of that suffix."""
    return JsonWriter(stream) if suffix in JSON else DelimitedWriter(stream, [*fields, *columns], suffix == ".tsv")
