"""Scores of one model, the comparison of two, and the verdict on negative transfer."""

from __future__ import annotations

from dataclasses import dataclass, field

from workbench.scoring import statistics
from workbench.scoring.metrics import Metric, Scores

POSITIVE = "positive"

UNCLEAR = "no clear difference"

NEGATIVE = "negative transfer"

NOT_COMPARED = "not compared"

SIGNIFICANCE = 0.05


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
