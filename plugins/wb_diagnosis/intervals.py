"""Intervals of shares, how they are told, and what status a number has."""

from __future__ import annotations

import math
from statistics import NormalDist

from workbench.data.checks import Status


def wilson(successes: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """The interval of a share of n examples (Wilson, JASA 1927)."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, weight = successes / n, 1 + z * z / n
    centre = (share + z * z / (2 * n)) / weight
    half = z / weight * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def percent(share: float, digits: int = 1) -> str:
    """A share as people read it: 4.2 %."""
    return f"{100 * share:.{digits}f} %"


def percents(interval: tuple[float, float], digits: int = 1) -> str:
    """An interval of a share: 3.1–5.6 %."""
    return f"{100 * interval[0]:.{digits}f}–{100 * interval[1]:.{digits}f} %"


def graded(value: float, note: float, issue: float) -> Status:
    """Passed below ``note``, a note below ``issue``, an issue from there on."""
    return "issue" if value >= issue else "note" if value >= note else "passed"
