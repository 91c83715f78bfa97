"""The contract of an estimator: what can be said of a model's accuracy on the target without its labels."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from statistics import NormalDist
from typing import ClassVar

from workbench.choosing.candidates import Candidate
from workbench.data.inputs import LabelKind
from workbench.errors import UsageError
from workbench.scoring.comparing import Difference, Estimate

LEVEL = 0.9
"""How often the interval of an estimate should hold the accuracy."""


class CannotTell(UsageError):
    """An estimator would only guess; the message says why."""


class Estimator(ABC):
    """Estimates the accuracy of a fitted model on the unlabelled target."""

    takes_labels: ClassVar[tuple[LabelKind, ...]] = ("classes",)
    """The kinds of labels whose accuracy it can estimate."""

    needs_held_out: ClassVar[bool] = False
    """Whether it needs labelled source examples that the fit did not see."""

    needs_probabilities: ClassVar[bool] = False
    """Whether predictions of 0 and 1 alone would tell it nothing."""

    needs_features: ClassVar[bool] = False
    """Whether it looks at the feature vectors of a model (:class:`workbench.FeatureModel`)."""

    refits: ClassVar[bool] = False
    """Whether it fits the method again, which costs as much as the fit did."""

    @abstractmethod
    def estimate(self, candidate: Candidate) -> Estimate:
        """The accuracy as a share, with its 90 % interval; of tokens where labels are sequences.

        ``candidate.held_out`` holds labelled *source* examples that this candidate's fit did not see. Raises
        :class:`CannotTell` where it would only guess.
        """

    def estimate_difference(self, baseline: Candidate, adapted: Candidate) -> Difference:
        """Accuracy of the adapted model minus that of its baseline, a share, with its 90 % interval.

        By default the difference of the two estimates, its interval from both as though they were independent, which
        is too wide for models that err on the same examples; p is that of the normal distribution of this width.

        Zou & Donner (Statistics in Medicine 2008), Construction of confidence limits about effect measures.
        """
        return difference_of(self.estimate(baseline), self.estimate(adapted))

    def support(self) -> str:
        """How right such estimates were where labels could tell, to stand in brackets; empty where nobody looked."""
        return ""


def difference_of(before: Estimate, after: Estimate) -> Difference:
    """The difference of two independent estimates with intervals of the level :data:`LEVEL`."""
    value = after.value - before.value
    low = value - math.hypot(after.value - after.low, before.high - before.value)
    high = value + math.hypot(after.high - after.value, before.value - before.low)
    return Difference(value, low, high, normal_p(value, low, high))


def agreeing(before: Estimate, after: Estimate, difference: Difference) -> tuple[Estimate, Estimate]:
    """Both estimates moved alike, with their intervals, so that they differ by the estimated difference.

    An estimator that estimates differences by themselves knows them better than either figure.
    """
    move = (difference.value - (after.value - before.value)) / 2
    return _moved(before, -move), _moved(after, move)


def _moved(estimate: Estimate, move: float) -> Estimate:
    return Estimate(*(min(max(share + move, 0.0), 1.0) for share in (estimate.value, estimate.low, estimate.high)))


def normal_p(value: float, low: float, high: float) -> float:
    """Two-sided p of a difference, from the width of its interval on the side of zero."""
    half = value - low if value > 0 else high - value
    if value == 0 or half == 0:
        return 1.0 if value == 0 else 0.0
    deviations = abs(value) / half * NormalDist().inv_cdf((1 + LEVEL) / 2)
    return 2 * (1 - NormalDist().cdf(deviations))


def lacking(estimator: type[Estimator] | Estimator, candidate: Candidate) -> str:
    """What an estimator needs and a candidate lacks, in words; empty where nothing is missing."""
    if candidate.label_kind not in estimator.takes_labels:
        return "is for another kind of labels"
    if estimator.needs_held_out and candidate.held_out is None:
        return "needs labelled source examples that the fit did not see"
    if estimator.needs_features and not candidate.has_features:
        return "is for methods over feature vectors"
    if estimator.needs_probabilities and not candidate.has_probabilities:
        return "needs probabilities, and this model gives none but 0 and 1"
    return ""
