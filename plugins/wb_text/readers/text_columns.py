"""Which columns of a table hold the text and the label: those that are named, or those of usual names and content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wb_text.readers.sentences import is_number
from workbench.errors import DataError

TEXTS = (
    "text",
    "sentence",
    "review",
    "body",
    "content",
    "document",
    "message",
    "comment",
    "post",
    "tweet",
    "abstract",
    "description",
)
LABELS = ("label", "class", "category", "target", "sentiment", "rating", "stars", "topic")
"""Usual names, the surest first."""

JOINED = " . "
"""What stands between the texts of several columns."""


@dataclass(frozen=True)
class TextColumns:
    """The columns of the text, and that of the label; empty where there is none that could be it."""

    texts: tuple[str, ...]
    label: str

    @classmethod
    def choose(
        cls, fields: Sequence[str], rows: Sequence[Mapping[str, Any]], text: str, label: str, where: str
    ) -> TextColumns:
        """The columns of a table by its first rows; ``text`` and ``label`` are those that are asked for, or empty.

        Raises :class:`DataError` that lists the columns where the text's is not there.
        """
        wanted = tuple(name.strip() for name in text.split(",") if name.strip())
        missing = [name for name in wanted if name not in fields]
        chosen = wanted or _usual(fields, TEXTS) or _wordiest([name for name in fields if name != label], rows)
        if missing or not chosen:
            lacking = missing[0] if missing else TEXTS[0]
            raise DataError(
                f"{where}: no column '{lacking}', there are: {', '.join(fields)}; choose with --text COLUMN"
            )
        others = [name for name in fields if name not in chosen]
        return cls(chosen, label or "".join(_usual(others, LABELS)))

    def text_of(self, row: Mapping[str, Any]) -> str:
        """The text of a row: the cells that hold any, put together."""
        cells = (str(row[name]).strip() for name in self.texts if row.get(name) is not None)
        return JOINED.join(cell for cell in cells if cell)

    def as_settings(self) -> dict[str, str]:
        """The columns as the settings that name them."""
        return {"text": ",".join(self.texts)} | ({"label": self.label} if self.label else {})


def _usual(fields: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """The one column with the surest of the usual names."""
    return next(((field,) for name in names for field in fields if field.lower() == name), ())


def _wordiest(fields: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The column whose cells hold the most words, where there are two a cell at least."""
    words = {name: _words(row.get(name) for row in rows) for name in fields}
    best = max(words, key=lambda name: words[name], default="")
    return (best,) if best and words[best] >= 2 * len(rows) > 0 else ()


def _words(cells: Any) -> int:
    return sum(len(cell.split()) for cell in cells if isinstance(cell, str) and not is_number(cell))
