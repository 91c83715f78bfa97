"""How the classes' shares change by estimate, and whether the estimate can be believed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wb_diagnosis.classification import classified
from wb_diagnosis.discrimination import discrimination
from workbench.data.pairs import Pair
from workbench.scoring.shares import Shares, maximum_likelihood, soft_black_box, with_interval

EXPLAINED = 0.5
"""The part of what tells the domains apart that class weights must take away, for the shares to be believed."""


@dataclass(frozen=True, eq=False)
class ShareChange:
    """The source's shares (C,) and the target's estimated ones with 90 % intervals.

    Attributes
    ----------
    auc : float
        Of the classifier of the domains.
    residual : tuple of float
        The same, with its 95 % interval, after the source's classes were given the target's shares. If the shares were
        all that differs, it would be ½.
    """

    classes: tuple[str, ...]
    source: np.ndarray
    target: Shares
    auc: float
    residual: float
    residual_interval: tuple[float, float]
    tested: bool
    """Whether the residual could be measured; not of tags: their weights are none of sentences."""

    @property
    def distance(self) -> float:
        """The total variation distance: how much of the target would have to change its class."""
        return float(np.abs(self.target.value - self.source).sum() / 2)

    @property
    def interval(self) -> tuple[float, float]:
        """From what surely moved, by the intervals of the single shares, to what they allow at most."""
        above, below = self.target.low - self.source, self.source - self.target.high
        low = float(max(np.maximum(above, 0).sum(), np.maximum(below, 0).sum()))
        farthest = np.maximum(self.target.high - self.source, self.source - self.target.low).clip(0)
        return min(low, self.distance), max(min(1.0, float(farthest.sum() / 2)), self.distance)

    @property
    def explained(self) -> float:
        """The part of what tells the domains apart that the classes' shares take away."""
        return float(np.clip(1 - abs(self.residual - 0.5) / max(self.auc - 0.5, 1e-9), 0, 1))

    @property
    def believed(self) -> bool:
        """Whether shares explain most of the shift, as every estimate of shares takes for granted."""
        return self.residual_interval[0] <= 0.5 or self.explained >= EXPLAINED


def share_change(pair: Pair) -> ShareChange:
    """The target's shares of greatest likelihood; of tags by soft black box estimation, which bears rare ones."""
    given, separation = pair.computed(classified), pair.computed(discrimination)
    sequence = pair.task.label_kind == "sequence"
    estimator = soft_black_box if sequence else maximum_likelihood
    shares = with_interval(estimator, given.held_out, given.labels, given.target, pair.seed)
    before = np.bincount(given.labels, minlength=len(given.classes)) / len(given.labels)
    residual = separation.auc, separation.interval
    if not sequence:
        place = {name: i for i, name in enumerate(given.classes)}
        ratios = [shares.value[place[n]] / before[place[n]] if n in place else 1.0 for n in pair.source.classes]
        residual = separation.weighted(np.array(ratios)[np.asarray(pair.source.labels)])
    return ShareChange(given.classes, before, shares, separation.auc, *residual, tested=not sequence)
