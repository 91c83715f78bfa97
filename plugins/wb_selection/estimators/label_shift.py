"""Accuracy where the classes' shares differ between the domains and the examples of a class do not."""

from __future__ import annotations

import numpy as np

from wb_selection.estimators.accuracy import Accuracy, EvidenceEstimator
from wb_selection.estimators.evidence import Evidence, of_predicted
from workbench.scoring.shares import black_box, calibrated, corrected, expectation_maximisation


class LabelShiftConfidence(EvidenceEstimator):
    """Takes the mean probability of the predicted classes, corrected for the target's class shares, as the accuracy.

    Probabilities are calibrated by a temperature and a bias for each class; the target's shares are those of greatest
    likelihood; p(y | x) is weighted by the new share over the old. Exact under label shift.

    References
    ----------
    Saerens, Latinne & Decaestecker (Neural Computation 2002), eq. 2.4 and 2.9; Alexandari, Kundaje & Shrikumar (ICML
    2020).
    """

    name = "label-shift"
    needs_probabilities = True

    def accuracy(self, evidence: Evidence) -> Accuracy:
        calibration, prior = calibrated(evidence.held_out, evidence.labels)
        target = calibration.apply(evidence.target)
        posterior = corrected(target, prior, expectation_maximisation(target, prior))
        confidence = of_predicted(posterior, evidence.target_predicted)
        of_held_out = of_predicted(calibration.apply(evidence.held_out), evidence.held_out_predicted)
        return Accuracy(float(confidence.mean()), evidence.right - of_held_out, confidence)


class LabelShiftRecall(EvidenceEstimator):
    """Takes the held-out recall of each class, weighted by the target's estimated class shares, as the accuracy.

    The shares are those of black box shift estimation, so that no probabilities are needed. Exact under label shift.

    References
    ----------
    Lipton, Wang & Smola (ICML 2018), Detecting and correcting for label shift with black box predictors.
    """

    name = "label-shift-recall"

    def accuracy(self, evidence: Evidence) -> Accuracy:
        hard = [np.eye(evidence.classes)[said] for said in (evidence.held_out_predicted, evidence.target_predicted)]
        shares = black_box(hard[0], evidence.labels, hard[1])
        prior = np.bincount(evidence.labels, minlength=evidence.classes) / len(evidence.labels)
        weights = (shares / np.maximum(prior, 1e-12))[evidence.labels]
        weighted = evidence.right * weights
        return Accuracy(float(weighted.mean()), weighted, np.zeros(0))
