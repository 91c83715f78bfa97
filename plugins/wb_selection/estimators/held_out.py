"""The naive bound: accuracy on the source."""

from __future__ import annotations

import numpy as np

from wb_selection.estimators.accuracy import Accuracy, EvidenceEstimator
from wb_selection.estimators.evidence import Evidence


class HeldOutAccuracy(EvidenceEstimator):
    """Takes the accuracy on source examples that the fit did not see as that on the target.

    It is right where there is no shift, and too bright by the whole cost of the shift elsewhere: the bound that other
    estimators must beat.
    """

    name = "held-out"

    def accuracy(self, evidence: Evidence) -> Accuracy:
        return Accuracy(float(evidence.right.mean()), evidence.right, np.zeros(0))
