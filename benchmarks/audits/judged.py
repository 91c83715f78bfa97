"""Estimates beside the truth: errors, coverage, signs, and how wide an interval must be for collections unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")


@dataclass(frozen=True)
class Judged:
    """One estimate, with its interval, beside the truth: all shares.

    ``group`` is what is left out together: collections that share examples.
    """

    group: str
    pair: str
    run: str
    value: float
    low: float
    high: float
    truth: float

    @property
    def error(self) -> float:
        return self.value - self.truth

    @property
    def covered(self) -> bool:
        return self.low <= self.truth <= self.high


@dataclass(frozen=True)
class Figures:
    """What an audit says of one estimator; errors and widths are shares.

    Attributes
    ----------
    runs : int
    told : float
        Share of the runs that it estimated; it could not tell of the others.
    error, bias : float
        Mean absolute and mean signed error, of the runs that it estimated.
    coverage, width : float
        Share of its intervals that hold the truth, and their mean width.
    """

    runs: int
    told: float
    error: float
    bias: float
    coverage: float
    width: float


def figures(judged: Sequence[Judged], runs: int) -> Figures:
    """The figures of the estimates of ``runs`` runs, of which those in ``judged`` were estimated."""
    if not judged:
        return Figures(runs, 0.0, *[float("nan")] * 4)
    errors = np.array([each.error for each in judged])
    return Figures(
        runs=runs,
        told=len(judged) / runs,
        error=float(np.abs(errors).mean()),
        bias=float(errors.mean()),
        coverage=float(np.mean([each.covered for each in judged])),
        width=float(np.mean([each.high - each.low for each in judged])),
    )


@dataclass(frozen=True)
class Signs:
    """How often the sign of a gain was right, among gains whose size is at least ``floor``.

    Attributes
    ----------
    pairs : int
        Comparisons whose true gain is at least the floor.
    right : float
        Share of all of them in which the estimated gain has the sign of the true one.
    decided : float
        Share of them in which the interval leaves zero out.
    right_where_decided : float
    """

    pairs: int
    right: float
    decided: float
    right_where_decided: float


def signs(judged: Iterable[Judged], floor: float) -> Signs:
    """The signs of estimated differences."""
    clear = [each for each in judged if abs(each.truth) >= floor]
    if not clear:
        return Signs(0, *[float("nan")] * 3)
    right = np.array([np.sign(each.value) == np.sign(each.truth) for each in clear])
    decided = np.array([each.low > 0 or each.high < 0 for each in clear])
    of_decided = float(right[decided].mean()) if decided.any() else float("nan")
    return Signs(len(clear), float(right.mean()), float(decided.mean()), of_decided)


def weighted_quantile(values: np.ndarray, weights: np.ndarray, level: float) -> float:
    """The least value below or at which ``level`` of the weight lies; infinite where the weight does not suffice."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order]) / weights.sum()
    position = int(np.searchsorted(reached, level - 1e-12))
    return float(values[order][position]) if position < len(values) else float("inf")


def group_weights(groups: Sequence[str]) -> np.ndarray:
    """Weights that give every group the same sum."""
    names, position, counts = np.unique(np.asarray(groups), return_inverse=True, return_counts=True)
    return 1.0 / (counts[position] * len(names))


def quantile(scores: np.ndarray, groups: Sequence[str], level: float) -> float:
    """The quantile of scores in which every group counts the same."""
    return weighted_quantile(scores, group_weights(groups), level)


def left_out(
    items: Sequence[Item], group_of: Callable[[Item], str], learn: Callable[[list[Item]], Callable[[Item], Judged]]
) -> list[Judged]:
    """Every item judged by what was learnt from the items of all other groups, in the order of the items."""
    rules = {
        group: learn([item for item in items if group_of(item) != group]) for group in {group_of(i) for i in items}
    }
    return [rules[group_of(item)](item) for item in items]
