"""How a figure is read: its title, its unit, which way is better, and how its values are written for people."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.scoring.metrics import Metric, Unit

FLOOR = 0.001
"""The smallest difference of interest of a share: a tenth of a point."""


@dataclass(frozen=True)
class Scale:
    """The title, unit and direction of a figure.

    Attributes
    ----------
    title : str
        For people, e.g. "accuracy, unknown words".
    unit : {"share", "number"}
        A share is written in points (× 100), a plain number as it is.
    higher_is_better : bool
    """

    title: str
    unit: Unit = "share"
    higher_is_better: bool = True

    def gain(self, difference: float) -> float:
        """A difference with the sign turned so that more is better."""
        return difference if self.higher_is_better else -difference

    def value(self, value: float, digits: int = 2) -> str:
        """A value as people read it: 80.60 for a share of .806, 4,383,058 for a large number; "–" for none."""
        if not math.isfinite(value):
            return "–"
        if self.unit == "share":
            return f"{100 * value:.{digits}f}"
        return f"{value:,.{_decimals(value, digits)}f}"

    def difference(self, value: float) -> str:
        """A difference with its sign."""
        if not math.isfinite(value):
            return "–"
        if self.unit == "share":
            return f"{100 * value:+.2f}"
        return f"{value:+,.{_decimals(value, 2)}f}"

    def amount(self, difference: float) -> str:
        """A difference in words: "+3.16 points of accuracy", "−20.2 of RMSE"."""
        points = "points of " if self.unit == "share" else "of "
        return f"{self.difference(difference)} {points}{self.title}"

    @property
    def direction(self) -> str:
        """What to add to a title where lower is better; nothing else."""
        return "" if self.higher_is_better else " (lower is better)"


def _decimals(value: float, digits: int) -> int:
    """Decimals that keep about four digits of a plain number."""
    size = abs(value)
    return 0 if size >= 1000 else 1 if size >= 100 else digits if size >= 1 else digits + 2


def scales_of(metrics: Mapping[str, Metric]) -> dict[str, Scale]:
    """The scale of each figure of a model."""
    return {name: Scale(metric.title or name, metric.unit, metric.higher_is_better) for name, metric in metrics.items()}
