"""Scores of one model, the comparison of two, and the verdict on negative transfer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from workbench import statistics
from workbench.domains import Domain, Predictions, Problem
from workbench.statistics import Compute

POSITIVE = "positive"
UNCLEAR = "no clear difference"
NEGATIVE = "negative transfer"
NOT_COMPARED = "not compared"
SIGNIFICANCE = 0.05


def ratio(sums: np.ndarray) -> np.ndarray:
    """First statistic over second: accuracy from (correct, total)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return sums[:, 0] / sums[:, 1]


def macro_f1(sums: np.ndarray) -> np.ndarray:
    """Macro-F1 from sums of (hits, said, gold) over classes, shape (m, 3 × classes).

    Classes without gold examples do not count.
    """
    hits, said, gold = np.split(sums, 3, axis=1)
    counted = gold > 0
    f1 = np.where(counted, 2 * hits / np.maximum(said + gold, 1), 0.0)
    return f1.sum(axis=1) / np.maximum(counted.sum(axis=1), 1)


@dataclass(frozen=True, eq=False)
class Metric:
    """One figure of a model on n clusters (sentences, documents, images).

    Parameters
    ----------
    statistics : ndarray, shape (n, k)
        What each cluster adds to the sums.
    compute : callable
        Sums (m, k) to figures (m,), vectorised; a fraction by default.
    title : str
        For people, e.g. "accuracy, unknown words".
    higher_is_better : bool
    """

    statistics: np.ndarray
    compute: Compute = ratio
    title: str = ""
    higher_is_better: bool = True

    @property
    def value(self) -> float:
        return float(self.compute(self.statistics.sum(axis=0, keepdims=True).astype(np.float64))[0])


@dataclass(frozen=True, eq=False)
class Scores:
    """All figures of one model, the deciding one first; ``details`` holds tables for the record (JSON)."""

    metrics: Mapping[str, Metric]
    details: Mapping[str, Any] = field(default_factory=dict)


class Evaluator(ABC):
    """Scores predictions against the gold. Only a run calls it, after the models have predicted."""

    @abstractmethod
    def score(self, gold: Domain, predictions: Predictions, problem: Problem) -> Scores:
        """Figures of one model.

        ``predictions.classes`` and ``gold.classes`` may differ: compare by class name. ``problem`` tells what
        the model could have seen (e.g. the source vocabulary).
        """

    def changes(self, gold: Domain, baseline: Predictions, adapted: Predictions, problem: Problem) -> dict[str, Any]:
        """What changed between two models, for the record: ``"examples"`` holds lines for people to read."""
        return {}

    def notices(self, gold: Domain, problem: Problem) -> list[str]:
        """What makes the scores hard to compare, e.g. classes of the target that the source lacks."""
        missing = [name for name in gold.classes if name not in problem.classes]
        if not missing:
            return []
        return [f"the target has classes that the source lacks, always counted as errors: {', '.join(missing)}"]


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """Adapted minus baseline: the figure's difference, its 95 % interval and the paired test's p."""

    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Comparison:
    """An adapted model beside its baseline."""

    titles: dict[str, str]
    baseline: dict[str, Estimate]
    adapted: dict[str, Estimate]
    difference: dict[str, Difference]
    verdict: str
    higher_is_better: dict[str, bool] = field(default_factory=dict)

    @property
    def primary(self) -> str:
        """The name of the deciding figure."""
        return next(iter(self.adapted))


def compare(baseline: Scores | None, adapted: Scores, seed: int = 0) -> Comparison:
    """Intervals of both, paired differences and the verdict by the first figure."""
    titles = {name: metric.title or name for name, metric in adapted.metrics.items()}
    better = {name: metric.higher_is_better for name, metric in adapted.metrics.items()}
    after = {name: estimate(metric, seed) for name, metric in adapted.metrics.items()}
    if baseline is None:
        return Comparison(titles, {}, after, {}, NOT_COMPARED, better)
    before = {name: estimate(metric, seed) for name, metric in baseline.metrics.items()}
    change = {name: differ(baseline.metrics[name], metric, seed) for name, metric in adapted.metrics.items()}
    first = next(iter(change))
    return Comparison(titles, before, after, change, decide(change[first], better[first]), better)


def estimate(metric: Metric, seed: int = 0) -> Estimate:
    """The figure with its bootstrap interval over clusters."""
    return Estimate(metric.value, *statistics.interval(metric.statistics, metric.compute, seed))


def differ(baseline: Metric, adapted: Metric, seed: int = 0) -> Difference:
    """The paired difference of one figure between two models on the same clusters."""
    first, second, compute = baseline.statistics, adapted.statistics, adapted.compute
    low, high = statistics.difference_interval(first, second, compute, seed)
    p = statistics.paired_test(first, second, compute, seed)
    return Difference(adapted.value - baseline.value, low, high, p)


def decide(difference: Difference, higher_is_better: bool = True) -> str:
    """*Positive* or *negative transfer* when the paired test says so at the 5 % level, else unclear."""
    if not difference.p < SIGNIFICANCE or difference.value == 0:
        return UNCLEAR
    return POSITIVE if (difference.value > 0) == higher_is_better else NEGATIVE
