"""The consensus: one estimate for people, from those that the audit found best together."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from wb_selection.estimators.accuracy import DEVIATIONS, Accuracy
from wb_selection.estimators.audited import Blend, audited
from wb_selection.estimators.evidence import Evidence
from wb_selection.estimators.gains import difference_of, votes
from wb_selection.estimators.heads import head_agreement, head_threshold, with_head
from wb_selection.estimators.label_shift import LabelShiftConfidence
from wb_selection.estimators.threshold import AverageThresholdedConfidence
from wb_selection.estimators.transport import ConfidenceOptimalTransport
from workbench.choosing.candidates import Candidate
from workbench.choosing.estimators import CannotTell, Estimator
from workbench.scoring.comparing import Difference, Estimate

MEMBERS: Mapping[str, Callable[[Evidence], Accuracy]] = {
    "atc": AverageThresholdedConfidence().accuracy,
    "cot": ConfidenceOptimalTransport().accuracy,
    "label-shift": LabelShiftConfidence().accuracy,
    "head": head_agreement,
    "head-atc": head_threshold,
}
"""What may be blended; the last two look at the model's predictions and at a head's probabilities."""

SMALLEST = 0.005
"""Shares nearer to 0 or 1 count as this near, so that their logits are finite."""

SKILL = 0.1
"""Share of the way from chance to all right that an estimate must reach: below, nothing tells right from wrong."""


class Consensus(Estimator):
    """Blends several estimates as the audit found best, with an interval that the audit's errors support.

    logit accuracy = logit held-out + Σ weight × (logit member − logit held-out): each member sees a part of what the
    shift costs, and all see too little of it, so that the weights sum to more than one. Members are ATC, COT and
    label-shift confidence; of a model without probabilities what a logistic head over its features says. The interval
    is that of the audit's errors on collections that chose no weight. The difference of two models is blended by
    itself, since their errors are alike.

    Raises :class:`CannotTell` for estimates near chance, and for models without probabilities and features.
    """

    name = "consensus"
    takes_labels = ("classes", "sequence")
    needs_held_out = True

    def estimate(self, candidate: Candidate) -> Estimate:
        evidence = judged_by_probabilities(candidate)
        return consensus_of(evidence, audited().graded if candidate.has_probabilities else audited().plain)

    def estimate_difference(self, baseline: Candidate, adapted: Candidate) -> Difference:
        before, after = judged_by_probabilities(baseline), judged_by_probabilities(adapted)
        if baseline.has_probabilities and adapted.has_probabilities:
            costs = [ConfidenceOptimalTransport().accuracy(side).value for side in (before, after)]
            signals = {"cot": costs[1] - costs[0], **votes(before, after)}
            return difference_of(before, after, signals, audited().graded_difference)
        values = [
            blended(evidence, audited().graded if candidate.has_probabilities else audited().plain)[0]
            for candidate, evidence in ((baseline, before), (adapted, after))
        ]
        return difference_of(before, after, {"consensus": values[1] - values[0]}, audited().plain_difference)

    def support(self) -> str:
        return audited().support


def judged_by_probabilities(candidate: Candidate) -> Evidence:
    """The candidate's evidence, with the probabilities of a head where its model gives none.

    Raises :class:`CannotTell` where there are no features for a head either.
    """
    if candidate.has_probabilities:
        return Evidence.of(candidate)
    if candidate.label_kind == "sequence":
        raise CannotTell("the model gives no probabilities of its labels")
    return with_head(candidate)


def consensus_of(evidence: Evidence, blend: Blend) -> Estimate:
    """The estimate of a blend with its interval. Raises :class:`CannotTell` near chance."""
    return told(*blended(evidence, blend), chance_of(evidence), blend)


def chance_of(evidence: Evidence) -> float:
    """The share of the commonest class among the held-out examples."""
    return float(np.bincount(evidence.labels).max() / len(evidence.labels))


def told(value: float, sampling: float, chance: float, blend: Blend) -> Estimate:
    """A blended accuracy with its interval. Raises :class:`CannotTell` near chance."""
    if value < chance + SKILL * (1 - chance):
        raise CannotTell(
            f"the model seems hardly better than always saying the commonest class ({100 * value:.0f} against "
            f"{100 * chance:.0f} %), where no estimate can be trusted"
        )
    low, high = (
        share_of(logit(value) + side * math.hypot(error, DEVIATIONS * sampling / (value * (1 - value))))
        for side, error in ((-1, blend.errors.low), (1, blend.errors.high))
    )
    return Estimate(value, min(low, value), max(high, value))


def blended(evidence: Evidence, blend: Blend) -> tuple[float, float]:
    """The blended accuracy, a share, and its standard error of sampling: the largest of the members'."""
    members = {name: MEMBERS[name](evidence) for name in blend.weights}
    sampling = max(member.standard_error(evidence) for member in members.values())
    return blended_value(float(evidence.right.mean()), {n: m.value for n, m in members.items()}, blend), sampling


def blended_value(held_out: float, members: Mapping[str, float], blend: Blend) -> float:
    """The held-out accuracy less the weighted drops that the members see, in logits; a share."""
    drops = {name: logit(value) - logit(held_out) for name, value in members.items()}
    return share_of(logit(held_out) + blend.sum_of(drops))


def logit(share: float) -> float:
    """log p / (1 − p), of shares that are not nearer to 0 or 1 than :data:`SMALLEST`."""
    share = min(max(share, SMALLEST), 1 - SMALLEST)
    return math.log(share / (1 - share))


def share_of(value: float) -> float:
    """The inverse of :func:`logit`, within the same bounds."""
    return min(max(1 / (1 + math.exp(-value)), SMALLEST), 1 - SMALLEST)
