"""Tables of labelled texts: CSV, TSV or JSON lines with named columns."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence

from pydantic import Field

from workbench.errors import DataError
from workbench.readers import Examples, Reader, SourceFile
from workbench.settings import Settings
from wb_text.readers.sentences import names_of


class Table(Reader):
    """One text and one label a row."""

    class Params(Settings):
        text: str = Field("text", description="Column of the text; several, joined by commas, are put together.")
        label: str = Field("label", description="Column of the label.")
        encoding: str = Field("utf-8", description="Character encoding.")

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        texts: list[str] = []
        labels: list[str] = []
        columns = [name.strip() for name in self.params.text.split(",")]
        for file in files:
            for number, row in self._rows(file):
                texts.append(" . ".join(self._cell(row, name, file, number) for name in columns))
                if labelled:
                    labels.append(self._cell(row, self.params.label, file, number))
        if not texts:
            raise DataError(f"{names_of(files)}: no rows in it; is it the right file and format?")
        return Examples(texts, labels if labelled else None)

    def _rows(self, file: SourceFile) -> Iterator[tuple[int, Mapping[str, object]]]:
        text = file.read_text(self.params.encoding)
        if file.name.endswith((".jsonl", ".ndjson")):
            for number, line in enumerate(text.split("\n"), 1):
                if line.strip():
                    try:
                        yield number, json.loads(line)
                    except ValueError as error:
                        raise DataError(f"{file.name}, line {number}: not a JSON object ({error})") from None
            return
        tabs = file.name.endswith(".tsv")
        quoting = csv.QUOTE_NONE if tabs else csv.QUOTE_MINIMAL
        rows = csv.DictReader(io.StringIO(text), delimiter="\t" if tabs else ",", quoting=quoting)
        try:
            yield from enumerate(rows, 2)
        except csv.Error as error:
            raise DataError(f"{file.name}, line {rows.line_num}: not a table row ({error})") from None

    def _cell(self, row: Mapping[str, object], name: str, file: SourceFile, number: int) -> str:
        value = row.get(name)
        if value is None:
            known = ", ".join(str(key) for key in row if key)
            raise DataError(
                f"{file.name}, line {number}: no column '{name}', there are: {known}; "
                "choose with table:PATH?text=COLUMN&label=COLUMN"
            )
        return str(value)
