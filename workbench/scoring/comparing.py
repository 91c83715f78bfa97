"""The comparison of two models on the same examples, and the verdict on negative transfer."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.scoring import statistics
from workbench.scoring.metrics import Metric, Scores
from workbench.scoring.scales import FLOOR, Scale, scales_of

POSITIVE = "positive"
UNCLEAR = "no clear difference"
NEGATIVE = "negative transfer"
NOT_COMPARED = "not compared"
PROBABLY_BETTER = "probably better"
PROBABLY_WORSE = "probably worse"
CANNOT_TELL = "cannot tell"
NO_LABELS = "no labels"
"""Verdicts where nothing is scored: what estimates support, or that there are none either."""
SIGNIFICANCE = 0.05


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval: the 95 % one where it was scored, the 90 % one where an estimator says it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """The second model minus the first: the figure's difference, its interval as an estimate's, and the test's p."""

    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Comparison:
    """An adapted model beside its baseline; the deciding figure stands first."""

    scales: dict[str, Scale]
    baseline: dict[str, Estimate]
    adapted: dict[str, Estimate]
    difference: dict[str, Difference]
    verdict: str

    @property
    def primary(self) -> str:
        """The name of the deciding figure."""
        return next(iter(self.adapted))


def compare(baseline: Scores | None, adapted: Scores, seed: int = 0, floor: float = FLOOR) -> Comparison:
    """Compute intervals of both, paired differences and the verdict by the first figure."""
    scales = scales_of(adapted.metrics)
    after = estimates(adapted, seed)
    if baseline is None:
        return Comparison(scales, {}, after, {}, NOT_COMPARED)
    change = differences(baseline, adapted, seed)
    first = next(iter(after))
    verdict = decide(change[first], scales[first], floor) if first in change else NOT_COMPARED
    return Comparison(scales, estimates(baseline, seed), after, change, verdict)


def estimates(scores: Scores, seed: int = 0) -> dict[str, Estimate]:
    """Every figure of one model with its interval."""
    return {name: estimate(metric, seed) for name, metric in scores.metrics.items()}


def differences(first: Scores, second: Scores, seed: int = 0) -> dict[str, Difference]:
    """The paired difference of every figure that both models have."""
    return {
        name: differ(first.metrics[name], metric, seed)
        for name, metric in second.metrics.items()
        if name in first.metrics
    }


def estimate(metric: Metric, seed: int = 0) -> Estimate:
    """The figure with its bootstrap interval over clusters."""
    return Estimate(metric.value, *statistics.interval(metric.statistics, metric.compute, seed))


def differ(first: Metric, second: Metric, seed: int = 0) -> Difference:
    """The paired difference of one figure between two models on the same clusters."""
    low, high = statistics.difference_interval(first.statistics, second.statistics, second.compute, seed)
    p = statistics.paired_test(first.statistics, second.statistics, second.compute, seed)
    return Difference(second.value - first.value, low, high, p)


def supported(estimated: Difference) -> str:
    """What an estimated difference supports: *probably better* or *worse* where its interval does not hold zero."""
    if not (estimated.low > 0 or estimated.high < 0):
        return CANNOT_TELL
    return PROBABLY_BETTER if estimated.value > 0 else PROBABLY_WORSE


def decide(difference: Difference, scale: Scale, floor: float = FLOOR) -> str:
    """*Positive* or *negative transfer* when the paired test says so at the 5 % level, else unclear.

    A difference of a share that is smaller than ``floor`` is of no interest, however sure it is.
    """
    smallest = floor if scale.unit == "share" else 0.0
    if not difference.p < SIGNIFICANCE or difference.value == 0 or abs(difference.value) < smallest:
        return UNCLEAR
    return POSITIVE if scale.gain(difference.value) > 0 else NEGATIVE
