"""The rows of tables of texts, for predictions beside them."""

from __future__ import annotations

from collections.abc import Sequence

from wb_text.readers.text_columns import TextColumns
from workbench.data.tables.parsing import Row, RowParser


class TextRows(RowParser):
    """A row is an example where its text's columns hold any text."""

    def __init__(self, text: str, label: str) -> None:
        self.text, self.label = text, label
        self.columns = TextColumns((), "")

    def choose(self, fields: Sequence[str], first: Sequence[Row], name: str) -> None:
        self.columns = TextColumns.choose(fields, first, self.text, self.label, name)

    def error_of(self, row: Row) -> str:
        return "" if self.columns.text_of(row) else f"no text in {' or '.join(self.columns.texts)}"

    def inputs_of(self, rows: Sequence[Row]) -> list[str]:
        return [self.columns.text_of(row) for row in rows]
