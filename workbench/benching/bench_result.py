"""What a bench found: a row for each cell, a standing for each method, and both as JSON or a data frame."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.benching.cell_result import CellResult
from workbench.benching.ranking import Standing
from workbench.running.outcome import Part

if TYPE_CHECKING:
    from pandas import DataFrame


class BenchResult(Part):
    """All cells of a bench in the plan's order, and its methods, best first."""

    cells: tuple[CellResult, ...]
    ranking: tuple[Standing, ...]
    folder: Path

    @property
    def failed(self) -> list[CellResult]:
        return [cell for cell in self.cells if cell.error is not None]

    def as_json(self) -> dict[str, Any]:
        return {
            "cells": [cell.as_json() for cell in self.cells],
            "ranking": [standing.model_dump() for standing in self.ranking],
            "folder": str(self.folder),
        }

    def as_frame(self) -> DataFrame:
        """One line for each cell that ran and each of its figures, scores or estimates; needs pandas."""
        import pandas

        return pandas.DataFrame([line for cell in self.cells if cell.has_figures for line in _lines(cell)])


def _lines(cell: CellResult) -> Sequence[dict[str, Any]]:
    compared, reference = cell.shown, cell.reference
    return [
        {
            "method": cell.method,
            **cell.settings,
            "source": cell.source,
            "target": cell.target,
            "seed": cell.seed,
            "figure": name,
            "value": figure.value,
            "low": figure.low,
            "high": figure.high,
            "baseline": compared.baseline[name].value if name in compared.baseline else None,
            "difference": compared.difference[name].value if name in compared.difference else None,
            "p": compared.difference[name].p if name in compared.difference else None,
            "reference": reference.scores[name].value if reference and name in reference.scores else None,
            "verdict": compared.verdict,
            "seconds": cell.seconds,
            "record": cell.record,
        }
        for name, figure in compared.adapted.items()
    ]
