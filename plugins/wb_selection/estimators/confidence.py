"""Estimates of accuracy from the model's own confidence."""

from __future__ import annotations

import numpy as np

from wb_selection.estimators.accuracy import Accuracy, EvidenceEstimator
from wb_selection.estimators.evidence import Evidence, of_predicted


class AverageConfidence(EvidenceEstimator):
    """Takes the mean probability of the predicted classes, after temperature scaling, as the accuracy.

    Right for a model whose probabilities are as calibrated on the target as on the source, which a shift seldom leaves
    so.

    References
    ----------
    Hendrycks & Gimpel (ICLR 2017), A baseline for detecting misclassified and out-of-distribution examples; Guo et al.
    (ICML 2017), On calibration of modern neural networks, § 4.2.
    """

    name = "average-confidence"
    needs_probabilities = True

    def accuracy(self, evidence: Evidence) -> Accuracy:
        held_out, target = confidences(evidence)
        return Accuracy(float(target.mean()), evidence.right - held_out, target)


class DifferenceOfConfidences(EvidenceEstimator):
    """Takes the drop of the mean confidence from source to target off the held-out source accuracy (DoC).

    accuracy = held-out accuracy − (mean confidence on the source − mean confidence on the target), after temperature
    scaling.

    References
    ----------
    Guillory, Shankar, Ebrahimi, Darrell & Schmidt (ICCV 2021), Predicting with confidence on unseen distributions,
    eq. 3.

    Differs from the paper
    ----------------------
    The difference counts as it is, where the paper may also regress the drop of accuracy on it over known shifts.
    """

    name = "doc"
    needs_probabilities = True

    def accuracy(self, evidence: Evidence) -> Accuracy:
        held_out, target = confidences(evidence)
        drop = float(held_out.mean() - target.mean())
        return Accuracy(float(evidence.right.mean()) - drop, evidence.right - held_out, target)


def confidences(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of the predicted classes after temperature scaling: held-out (h,) and target (m,)."""
    held_out, target = evidence.softened
    return of_predicted(held_out, evidence.held_out_predicted), of_predicted(target, evidence.target_predicted)
