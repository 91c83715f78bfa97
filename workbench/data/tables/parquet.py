"""Parquet files, a batch of rows at a time, with the types that they have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from workbench.data.readers import SourceFile
from workbench.data.rows import Batch, Columns, Rows, RowWriter
from workbench.data.tables.delimited import SAMPLE, cell_text
from workbench.data.tables.parsing import Row, RowParser
from workbench.errors import DataError
from workbench.plugins.entries import missing_extra


class ParquetRows(Rows):
    """The rows of Parquet files with one schema; its columns keep their types."""

    suffix = ".parquet"

    def __init__(self, files: Sequence[SourceFile], parser: RowParser) -> None:
        self.files, self.parser = files, parser
        opened = _opened(files[0])
        self.schema = opened.schema_arrow
        self.fields = tuple(self.schema.names)
        first = next(opened.iter_batches(batch_size=SAMPLE), None)
        parser.choose(self.fields, first.to_pylist() if first is not None else [], files[0].name)

    def batches(self, size: int) -> Iterator[Batch]:
        for file in self.files:
            opened = _opened(file)
            if not opened.schema_arrow.equals(self.schema):
                raise DataError(f"{file.name}: other columns than {self.files[0].name}; give one file at a time")
            for part in opened.iter_batches(batch_size=size):
                rows = part.to_pylist()
                errors = [self.parser.error_of(row) for row in rows]
                good = [row for row, error in zip(rows, errors, strict=True) if not error]
                yield Batch(rows, self.parser.inputs_of(good), errors, part)

    def writer(self, stream: IO[bytes], columns: Mapping[str, type]) -> RowWriter:
        return ParquetWriter(stream, self.schema, columns)


class ParquetWriter(RowWriter):
    """Adds columns of texts and numbers to the batches of a Parquet file."""

    def __init__(self, stream: IO[bytes], schema: Any, columns: Mapping[str, type]) -> None:
        import pyarrow
        from pyarrow import parquet

        types = {name: pyarrow.float64() if kind is float else pyarrow.string() for name, kind in columns.items()}
        self.schema = pyarrow.schema([*schema, *(pyarrow.field(name, kind) for name, kind in types.items())])
        self.types = types
        self.file = parquet.ParquetWriter(stream, self.schema)

    def write(self, batch: Batch, columns: Columns) -> None:
        import pyarrow

        further = [pyarrow.array(_plain(cells), self.types[name]) for name, cells in columns.items()]
        self.file.write_batch(pyarrow.RecordBatch.from_arrays([*batch.form.columns, *further], schema=self.schema))

    def close(self) -> None:
        self.file.close()


def _plain(cells: Sequence[Any]) -> list[Any]:
    """Cells of one type: the values of tokens beside each other."""
    return [cell_text(cell) if isinstance(cell, list | tuple) else cell for cell in cells]


def parquet_rows(file: SourceFile) -> Iterator[Row]:
    """The rows of a Parquet file one by one."""
    for part in _opened(file).iter_batches(batch_size=SAMPLE):
        yield from part.to_pylist()


def _opened(file: SourceFile) -> Any:
    try:
        import pyarrow
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        raise missing_extra(file.name, error.name or "pyarrow", "tables") from None
    try:
        return parquet.ParquetFile(file.open())
    except pyarrow.ArrowInvalid as error:
        raise DataError(f"{file.name}: not a Parquet file ({error})") from None
