"""How the classes' shares change from the source to the target, by estimate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wb_diagnosis.classification import classified
from workbench.data.pairs import Pair
from workbench.scoring.shares import Shares, maximum_likelihood, with_interval


@dataclass(frozen=True, eq=False)
class ShareChange:
    """The source's shares (C,), the target's estimated ones with 90 % intervals, and how far they are from each other.

    ``distance`` is the total variation distance: how much of the target would have to change its class.
    """

    classes: tuple[str, ...]
    source: np.ndarray
    target: Shares

    @property
    def distance(self) -> float:
        return float(np.abs(self.target.value - self.source).sum() / 2)

    @property
    def interval(self) -> tuple[float, float]:
        """From what surely moved, by the intervals of the single shares, to what they allow at most."""
        above, below = self.target.low - self.source, self.source - self.target.high
        low = float(max(np.maximum(above, 0).sum(), np.maximum(below, 0).sum()))
        farthest = np.maximum(self.target.high - self.source, self.source - self.target.low).clip(0)
        return min(low, self.distance), max(min(1.0, float(farthest.sum() / 2)), self.distance)


def share_change(pair: Pair) -> ShareChange:
    """The target's shares of greatest likelihood, right if examples of a class are alike in both domains."""
    given = pair.computed(classified)
    found = with_interval(maximum_likelihood, given.held_out, given.labels, given.target, pair.seed)
    before = np.bincount(given.labels, minlength=len(given.classes)) / len(given.labels)
    return ShareChange(given.classes, before, found)
