"""An estimated accuracy with its error of sampling, and the base of the estimators that look at :class:`Evidence`."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from statistics import NormalDist
from typing import ClassVar

import numpy as np

from wb_selection.estimators.audited import Errors, audited
from wb_selection.estimators.evidence import Evidence
from workbench.choosing.candidates import Candidate
from workbench.choosing.estimators import LEVEL, Estimator
from workbench.scoring.comparing import Estimate

DEVIATIONS = NormalDist().inv_cdf((1 + LEVEL) / 2)
"""Standard errors on either side of an estimate."""


@dataclass(frozen=True, eq=False)
class Accuracy:
    """An estimated accuracy, and what each example adds to it.

    Attributes
    ----------
    value : float
        Not bounded to a share.
    of_held_out, of_target : ndarray, shapes (h,) and (m,), or empty
        Influences: the estimate moves as their means do.
    """

    value: float
    of_held_out: np.ndarray
    of_target: np.ndarray

    def standard_error(self, evidence: Evidence) -> float:
        """Of sampling alone, over sentences where examples are sequences; it counts no error by the shift."""
        return math.hypot(
            error_of_mean(self.of_held_out, evidence.held_out_clusters),
            error_of_mean(self.of_target, evidence.target_clusters),
        )


class EvidenceEstimator(Estimator):
    """Base of estimators that compute on arrays: a subclass implements :meth:`accuracy`."""

    takes_labels = ("classes", "sequence")
    needs_held_out = True

    name: ClassVar[str]
    """As it is registered; its audited errors stand under it."""

    @abstractmethod
    def accuracy(self, evidence: Evidence) -> Accuracy:
        """The estimate. Raises :class:`CannotTell` where it would only guess."""

    def estimate(self, candidate: Candidate) -> Estimate:
        evidence = Evidence.of(candidate)
        accuracy = self.accuracy(evidence)
        return with_errors(accuracy.value, accuracy.standard_error(evidence), audited().errors_of(self.name))


def with_errors(value: float, standard_error: float, errors: Errors) -> Estimate:
    """The share with its interval: where the accuracy lay beside such estimates in the audit, and sampling on top."""
    value = bounded(value)
    sampling = DEVIATIONS * standard_error
    low = value - math.hypot(max(-errors.low, 0.0), sampling)
    high = value + math.hypot(max(errors.high, 0.0), sampling)
    return Estimate(value, bounded(low), bounded(high))


def bounded(share: float) -> float:
    return float(min(max(share, 0.0), 1.0))


def error_of_mean(values: np.ndarray, clusters: np.ndarray | None) -> float:
    """Standard error of the mean of values (n,), which come in clusters (n,); 0 for none."""
    n = len(values)
    if n == 0:
        return 0.0
    residuals = values - values.mean()
    sums = residuals if clusters is None else np.bincount(clusters, residuals)
    groups = max(len(sums), 2)
    return float(np.sqrt(np.sum(sums**2) * groups / (groups - 1)) / n)
