"""CBPE: the accuracy that probabilities calibrated on the source expect."""

from __future__ import annotations

import numpy as np

from wb_selection.estimators.accuracy import Accuracy, EvidenceEstimator
from wb_selection.estimators.evidence import Evidence, of_predicted


class ExpectedPerformance(EvidenceEstimator):
    """Takes the mean calibrated probability of the predicted classes as the accuracy, as NannyML's CBPE does.

    Each class is calibrated against the others by isotonic regression on held-out source examples; the calibrated
    probabilities are divided by their sum.

    References
    ----------
    NannyML, Confidence-based performance estimation (https://nannyml.readthedocs.io); Zadrozny & Elkan (KDD 2002),
    Transforming classifier scores into accurate multiclass probability estimates.

    Differs from the package
    ------------------------
    Every class is calibrated, where the package leaves those that a split of the reference finds calibrated already.
    """

    name = "cbpe"
    needs_probabilities = True

    def accuracy(self, evidence: Evidence) -> Accuracy:
        held_out, target = isotonic(evidence.held_out, evidence.labels, evidence.target)
        of_held_out = of_predicted(held_out, evidence.held_out_predicted)
        confidence = of_predicted(target, evidence.target_predicted)
        return Accuracy(float(confidence.mean()), evidence.right - of_held_out, confidence)


def isotonic(held_out: np.ndarray, labels: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both sides' probabilities (h, C) and (m, C), each class calibrated on the held-out side."""
    from sklearn.isotonic import IsotonicRegression

    sides = [np.empty(side.shape) for side in (held_out, target)]
    for c in range(held_out.shape[1]):
        regression = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(held_out[:, c], labels == c)
        for side, given in zip(sides, (held_out, target), strict=True):
            side[:, c] = regression.predict(given[:, c])
    return _normalised(sides[0]), _normalised(sides[1])


def _normalised(values: np.ndarray) -> np.ndarray:
    """Rows of sum 1; alike for every class where all are 0."""
    sums = values.sum(axis=1, keepdims=True)
    return np.asarray(np.where(sums > 0, values / np.maximum(sums, 1e-300), 1 / values.shape[1]))
