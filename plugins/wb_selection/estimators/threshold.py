"""Average thresholded confidence: a threshold learnt on the source tells right from wrong on the target."""

from __future__ import annotations

import numpy as np

from wb_selection.estimators.accuracy import Accuracy, EvidenceEstimator
from wb_selection.estimators.evidence import Evidence
from workbench.scoring.calibration import SMALLEST


class AverageThresholdedConfidence(EvidenceEstimator):
    """Takes the share of target examples whose score exceeds a threshold (ATC), with minus the entropy as the score.

    The threshold is set on held-out source examples so that as many of them exceed it as are predicted right, after
    temperature scaling.

    References
    ----------
    Garg, Balakrishnan, Lipton, Neyshabur & Sedghi (ICLR 2022), Leveraging unlabeled data to predict out-of-distribution
    performance, eq. 1–3.

    Differs from the paper
    ----------------------
    Nothing.
    """

    name = "atc"
    needs_probabilities = True

    def score(self, probabilities: np.ndarray) -> np.ndarray:
        """The score (n,) of probabilities (n, C)."""
        return np.asarray(np.sum(probabilities * np.log(np.maximum(probabilities, SMALLEST)), axis=1))

    def accuracy(self, evidence: Evidence) -> Accuracy:
        held_out, target = (self.score(side) for side in evidence.softened)
        return thresholded(held_out, evidence.right, target)


class MaximumATC(AverageThresholdedConfidence):
    """Takes the share of target examples whose greatest probability exceeds a threshold learnt on the source (ATC).

    References
    ----------
    Garg et al. (ICLR 2022), as for the entropy.
    """

    name = "atc-confidence"

    def score(self, probabilities: np.ndarray) -> np.ndarray:
        return np.asarray(probabilities.max(axis=1))


def thresholded(held_out: np.ndarray, right: np.ndarray, target: np.ndarray) -> Accuracy:
    """The share of target scores (m,) above the threshold that held-out scores (h,) exceed as often as right (h,)."""
    wrong = round(len(right) - float(right.sum()))
    threshold = np.sort(held_out)[wrong] if wrong < len(right) else np.inf
    above = np.asarray(target >= threshold, dtype=np.float64)
    return Accuracy(float(above.mean()), right - (held_out >= threshold), above)
