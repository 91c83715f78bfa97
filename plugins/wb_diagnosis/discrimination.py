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
    """A cross-validated classifier of the domains, on as many examples of either.

    Attributes
    ----------
    auc : float
        The chance that of a source and a target example the latter gets the greater score.
    interval : tuple of float
        Its 95 % interval.
    chance : ndarray
        The same after the examples were given their domains by lot, once for each permutation.
    scores : ndarray, shape (2 n,)
        Of held-out examples, those of the source first; above 0 for the target.
    folds : ndarray, shape (2 n,)
    rows : ndarray, shape (n,)
        Which examples of the source's sample they are.
    """

    auc: float
    interval: tuple[float, float]
    chance: np.ndarray
    scores: np.ndarray
    folds: np.ndarray
    rows: np.ndarray

    @property
    def error(self) -> float:
        """Share of held-out examples that are taken for the other domain."""
        n = len(self.rows)
        return float(np.mean(np.r_[self.scores[:n] > 0, self.scores[n:] <= 0]))

    def weighted(self, weights: np.ndarray) -> tuple[float, tuple[float, float]]:
        """The AUC with weights of the source's sample, and its 95 % interval."""
        n = len(self.rows)
        return _with_interval(self.scores, np.arange(2 * n) >= n, self.folds, np.r_[weights[self.rows], np.ones(n)])

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
        n = len(self.scores)
        smooth = (min(0.5, self.error) * n + 1) / (n + 2)
        half = 4 * 1.96 * float(np.sqrt(smooth * (1 - smooth) / n))
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
    value, interval = _with_interval(scores[:, 0], side > 0, folds, np.ones(2 * n))
    chance = np.array([auc(scores[:, 1 + number], lot > 0, folds)[0] for number, lot in enumerate(lots)])
    return Discrimination(value, interval, chance, scores[:, 0], folds, rows[0])


def _with_interval(
    scores: np.ndarray, positive: np.ndarray, folds: np.ndarray, weights: np.ndarray
) -> tuple[float, tuple[float, float]]:
    value, error = auc(scores, positive, folds, weights)
    half = 1.96 * max(error, 1 / len(scores))
    return value, (max(0.0, value - half), min(1.0, value + half))


def auc(
    scores: np.ndarray, positive: np.ndarray, folds: np.ndarray, weights: np.ndarray | None = None
) -> tuple[float, float]:
    """The mean over folds of the area under the ROC curve, and its standard error.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson (Biometrics 1988), Comparing the areas under two or more correlated ROC curves.
    """
    importance = np.ones(len(scores)) if weights is None else weights
    areas, variances = [], []
    for fold in np.unique(folds):
        above, below = ((folds == fold) & side for side in (positive, ~positive))
        high, low, of_high, of_low = scores[above], scores[below], importance[above], importance[below]
        if min(len(high), len(low)) < 2 or min(of_high.sum(), of_low.sum()) <= 0:
            continue
        wins, losses = _placements(high, low, of_low), 1 - _placements(low, high, of_high)
        area = np.average(wins, weights=of_high)
        areas.append(area)
        variances.append(_variance(wins, area, of_high) + _variance(losses, area, of_low))
    if not areas:
        return 0.5, 0.5
    # Each fold's model knows the other's examples, so that chance moves both areas together: no root of the folds.
    return float(np.mean(areas)), float(np.sqrt(np.mean(variances)))


def _placements(values: np.ndarray, others: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """For each value the share of the others' weight that is smaller, ties counted half."""
    order = np.argsort(others)
    reached = np.r_[0.0, np.cumsum(weights[order])]
    smaller, not_greater = (reached[np.searchsorted(others[order], values, side)] for side in ("left", "right"))
    return np.asarray((smaller + not_greater) / (2 * reached[-1]))


def _variance(values: np.ndarray, mean: float, weights: np.ndarray) -> float:
    """Of the weighted mean of values."""
    return float(np.sum((weights * (values - mean)) ** 2) / weights.sum() ** 2)
