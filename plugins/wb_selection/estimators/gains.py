"""The difference of two models' accuracies, which are wrong together more often than apart."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from wb_selection.estimators.accuracy import DEVIATIONS, error_of_mean
from wb_selection.estimators.audited import Blend
from wb_selection.estimators.evidence import Evidence, of_predicted
from workbench.choosing.estimators import normal_p
from workbench.scoring.comparing import Difference

FEWEST = 0.1
"""Two models that differ on a smaller share of the examples are as unsure as though they differed on this one."""


def difference_of(before: Evidence, after: Evidence, signals: Mapping[str, float], blend: Blend) -> Difference:
    """The blended difference of the second model minus the first, on the same target examples.

    Accuracies can differ by no more than the share of examples on which the predictions do, so the interval grows with
    that share and ends at it.

    Parameters
    ----------
    before, after : Evidence
        Of the baseline and of the adapted model.
    signals : mapping
        What the blend weighs, shares.
    """
    value = blend.sum_of(signals)
    differing = np.asarray(before.target_predicted != after.target_predicted, dtype=np.float64)
    share = float(differing.mean())
    sampling = DEVIATIONS * error_of_mean(differing, after.target_clusters)
    value = _within(value, share)
    scale = max(share, FEWEST)
    low = _within(value - math.hypot(blend.errors.low * scale, sampling), share)
    high = _within(value + math.hypot(blend.errors.high * scale, sampling), share)
    return Difference(value, low, high, normal_p(value, low, high))


def votes(before: Evidence, after: Evidence) -> dict[str, float]:
    """By how much each model gives the adapted one's predictions more probability than the baseline's, after softening.

    ``adapted`` is never negative and ``baseline`` never positive where predictions are the likeliest classes: only
    their balance tells.
    """
    sides = {"baseline": before.softened[1], "adapted": after.softened[1]}
    return {
        name: float(np.mean(of_predicted(p, after.target_predicted) - of_predicted(p, before.target_predicted)))
        for name, p in sides.items()
    }


def _within(value: float, share: float) -> float:
    return min(max(value, -share), share)
