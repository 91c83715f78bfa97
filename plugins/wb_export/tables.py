"""A record's predictions as a table for a spreadsheet or pandas."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.errors import DataError
from workbench.report.exporter import Exporter
from workbench.running.records import Record

COLUMNS = ("example", "input", "gold", "baseline", "adapted")


class Tables(Exporter):
    """Writes ``predictions.csv``: a line for each label, so one for each word of a sentence."""

    def export(self, record: Record, folder: Path) -> None:
        rows = [line for number, row in enumerate(record.predictions()) for line in lines(number, row)]
        if not rows:
            raise DataError(f"{record.name}: holds no predictions to export")
        with (folder / "predictions.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS, restval="", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)


def lines(number: int, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The table's lines of one example: one, or one for each of its tokens."""
    labels = next(row[side] for side in ("adapted", "gold") if side in row)
    if not isinstance(labels, list):
        yield {"example": number, **row}
        return
    sides = [side for side in ("input", "gold", "baseline", "adapted") if isinstance(row.get(side), list)]
    for values in zip(*(row[side] for side in sides), strict=True):
        yield {"example": number, **dict(zip(sides, values, strict=True))}
