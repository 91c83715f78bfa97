"""Tables of numbers: CSV, TSV or Parquet with one example a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
from pydantic import Field

from wb_image.readers.number_rows import NumberRows
from workbench.data.readers import Examples, Reader, SourceFile
from workbench.data.rows import Rows
from workbench.data.tables.opening import table_rows
from workbench.errors import DataError
from workbench.plugins.entries import missing_extra
from workbench.settings import Settings

LONGEST = 2000
"""Characters of the features' names, joined, that a record keeps."""


class Numbers(Reader):
    """One column holds the label; every other one, or those that are named, is a feature."""

    named: ClassVar[str] = "numbers"
    """The registered name, for messages."""

    columns: ClassVar[Mapping[str, str]] = {"label": "label", "id": "id"}

    class Params(Settings):
        label: str = Field("label", description="Column of the label.")
        id: str = Field("", description="Column that tells the rows apart, which is then no feature.")
        features: str = Field("", description="Columns of the features, joined by commas; by default all others.")
        encoding: str = Field("utf-8", description="Character encoding of CSV and TSV.")

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        """Parquet, or a second line of which all cells but one are numbers."""
        if head.startswith(b"PAR1"):
            return True
        lines = head.decode("utf-8", "replace").splitlines()[1:2]
        cells = lines[0].replace("\t", ",").split(",") if lines else []
        return len(cells) > 2 and sum(map(_is_number, cells)) >= len(cells) - 1

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        rows: list[np.ndarray] = []
        labels: list[object] = []
        names: list[str] | None = None
        columns: dict[str, list[object]] = {}
        for file in files:
            columns = self._columns(file)
            if labelled:
                labels += self.labels(columns, file)
            names = names or self._names(columns, file)
            rows.append(np.column_stack([self._values(columns, name, file) for name in names]))
        inputs = np.concatenate(rows)
        if not len(inputs):
            raise DataError(f"{files[0].name}: no rows in it; is it the right file?")
        lacking = "nothing stands in the" if self.params.label in columns else "no"
        why = f"{lacking} column '{self.params.label}', there are: {', '.join(columns)}; choose with --label COLUMN"
        known = self._settings(names or [])
        return Examples(inputs, labels if labelled else None, columns=known, why_unlabelled=why)

    def rows(self, files: Sequence[SourceFile]) -> Rows:
        features = [name.strip() for name in self.params.features.split(",") if name.strip()]
        return table_rows(files, NumberRows(features, (self.params.label, self.params.id)), self.params.encoding)

    def _settings(self, names: Sequence[str]) -> dict[str, str]:
        """The columns as the settings that name them; of very many features the names are not kept."""
        known = {"features": ",".join(names), "label": self.params.label, "id": self.params.id}
        return {name: value for name, value in known.items() if value and len(value) <= LONGEST}

    def labels(self, columns: dict[str, list[object]], file: SourceFile) -> list[object]:
        """The label of every row of one file; None for a row without one."""
        rows = len(next(iter(columns.values()), []))
        names = columns.get(self.params.label, [None] * rows)
        return [None if value is None or value != value else str(value).strip() or None for value in names]

    def _names(self, columns: dict[str, list[object]], file: SourceFile) -> list[str]:
        wanted = [name.strip() for name in self.params.features.split(",") if name.strip()]
        names = wanted or [name for name in columns if name not in (self.params.label, self.params.id)]
        if not names:
            raise DataError(f"{file.name}: no column beside the label '{self.params.label}'; give --label COLUMN")
        return names

    def _column(self, columns: dict[str, list[object]], name: str, file: SourceFile) -> list[object]:
        if name not in columns:
            raise DataError(
                f"{file.name}: no column '{name}', there are: {', '.join(columns)}; choose with --label COLUMN"
            )
        return columns[name]

    def _values(self, columns: dict[str, list[object]], name: str, file: SourceFile) -> np.ndarray:
        values = self._column(columns, name, file)
        try:
            return np.array(values, dtype=np.float64)
        except (TypeError, ValueError):
            number, bad = next((k, v) for k, v in enumerate(values, 1) if not _is_number(v))
            raise DataError(
                f"{file.name}, row {number}: '{bad}' in column '{name}' is no number; name the features, e.g. "
                f"'{self.named}:PATH?features=COLUMN,COLUMN'"
            ) from None

    def _columns(self, file: SourceFile) -> dict[str, list[object]]:
        if file.name.lower().endswith(".parquet"):
            return _parquet(file)
        text = file.read_text(self.params.encoding)
        tabs = file.name.lower().endswith(".tsv")
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t" if tabs else ",") if row]
        if not rows:
            raise DataError(f"{file.name}: an empty file; give a table with a header")
        header = [cell.strip() for cell in rows[0]]
        for number, row in enumerate(rows[1:], 1):
            if len(row) != len(header):
                raise DataError(f"{file.name}, row {number}: {len(row)} cells where the header has {len(header)}")
        return {name: [row[k] for row in rows[1:]] for k, name in enumerate(header)}


def _parquet(file: SourceFile) -> dict[str, list[object]]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        raise missing_extra(file.name, error.name or "pyarrow", "tables") from None
    try:
        found: dict[str, list[object]] = parquet.read_table(io.BytesIO(file.read_bytes())).to_pydict()
    except pyarrow.ArrowInvalid as error:
        raise DataError(f"{file.name}: not a Parquet file ({error})") from None
    return found


def _is_number(value: object) -> bool:
    try:
        float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return True
