"""How well a linear classifier tells the domains apart, beside what chance does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wb_diagnosis.features import features
from wb_diagnosis.linear import cross_validated, folds_of
from workbench.data.pairs import Pair

PERMUTATIONS, FAST = 19, 9
"""How often the domains are drawn by lot, and where there is little time."""

FOLDS = 2

HARDLY, NEVER = 0.99, 0.9995
"""AUCs from which on the domains hardly overlap, and not at all."""


@dataclass(frozen=True, eq=False)
class Discrimination:
    """A cross-validated classifier of the domains.

    Attributes
    ----------
    auc : float
        The chance that of a source and a target example the latter gets the greater score.
    interval : tuple of float
        Its 95 % interval.
    chance : ndarray
        The same after the examples were given their domains by lot, once for each permutation.
    error : float
        Share of held-out examples that are taken for the other domain.
    n : int
        How many were.
    """

    auc: float
    interval: tuple[float, float]
    chance: np.ndarray
    error: float
    n: int

    @property
    def p(self) -> float:
        """The share of permutations that do as well, this one among them."""
        return float((1 + np.sum(self.chance >= self.auc)) / (1 + len(self.chance)))

    @property
    def told_apart(self) -> bool:
        """Whether it is better than chance: than every permutation, and by its interval."""
        return bool(self.interval[0] > 0.5 and self.auc > self.chance.max())

    @property
    def distance(self) -> float:
        """The proxy A-distance 2 (1 − 2 ε), from 0 to 2 (Ben-David et al., 2007)."""
        return max(0.0, 2 * (1 - 2 * self.error))

    @property
    def distance_interval(self) -> tuple[float, float]:
        """Its 95 % interval, by the normal distribution of the number of errors."""
        # One example more of either outcome keeps it open where no example was taken for the other domain.
        smooth = (min(0.5, self.error) * self.n + 1) / (self.n + 2)
        half = 4 * 1.96 * float(np.sqrt(smooth * (1 - smooth) / self.n))
        return max(0.0, self.distance - half), min(2.0, self.distance + half)


def discrimination(pair: Pair) -> Discrimination:
    """Ridge regression of the domain in two folds, on as many examples of either."""
    generator = np.random.default_rng(pair.seed)
    light = pair.computed(features)
    n = min(light.source.shape[0], light.target.shape[0])
    # Unequal numbers would make one side the safe guess.
    rows = [generator.permutation(side.shape[0])[:n] for side in (light.source, light.target)]
    both = light.both[np.r_[rows[0], light.source.shape[0] + rows[1]]]
    side = np.repeat([-1.0, 1.0], n)
    lots = [generator.permutation(side) for _ in range(FAST if pair.fast else PERMUTATIONS)]
    folds = folds_of(side, FOLDS, generator)
    scores = cross_validated(both, np.stack([side, *lots], axis=1), folds)
    value, error = auc(scores[:, 0], side > 0, folds)
    chance = np.array([auc(scores[:, 1 + number], lot > 0, folds)[0] for number, lot in enumerate(lots)])
    half = 1.96 * max(error, 0.5 / n)
    wrong = float(np.mean((scores[:, 0] > 0) != (side > 0)))
    return Discrimination(value, (max(0.0, value - half), min(1.0, value + half)), chance, wrong, 2 * n)


def auc(scores: np.ndarray, positive: np.ndarray, folds: np.ndarray) -> tuple[float, float]:
    """The mean over folds of the area under the ROC curve, and its standard error.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson (Biometrics 1988), Comparing the areas under two or more correlated ROC curves.
    """
    areas, variances = [], []
    for fold in np.unique(folds):
        high, low = (scores[(folds == fold) & side] for side in (positive, ~positive))
        if min(len(high), len(low)) < 2:
            continue
        above, below = _placements(high, low), 1 - _placements(low, high)
        areas.append(above.mean())
        variances.append(above.var(ddof=1) / len(high) + below.var(ddof=1) / len(low))
    if not areas:
        return 0.5, 0.5
    # Each fold's model knows the other's examples, so that chance moves both areas together: no root of the folds.
    return float(np.mean(areas)), float(np.sqrt(np.mean(variances)))


def _placements(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    """For each value the share of the others that are smaller, ties counted half."""
    ordered = np.sort(others)
    smaller, not_greater = (np.searchsorted(ordered, values, side) for side in ("left", "right"))
    return np.asarray((smaller + not_greater) / (2 * len(others)))
