"""Estimates of accuracy from the model's own confidence."""

from __future__ import annotations

import numpy as np

from workbench.choosing.candidates import Candidate
from workbench.choosing.estimators import LEVEL, Estimator
from workbench.data.domains import Predictions
from workbench.errors import UsageError
from workbench.scoring.comparing import Estimate
from workbench.scoring.metrics import ratio
from workbench.scoring.statistics import interval


class AverageConfidence(Estimator):
    """Takes the mean of the greatest probability as the accuracy (Hendrycks & Gimpel, ICLR 2017).

    It is right for a model whose probabilities are calibrated on the target, which a shift seldom leaves so; the
    interval is that of the mean over target examples (sentences for sequences) and does not count this.
    """

    takes_labels = ("classes", "sequence")
    needs_probabilities = True

    def estimate(self, candidate: Candidate) -> Estimate:
        rows = confidences(candidate.predictions)
        accuracy = float(ratio(rows.sum(axis=0, keepdims=True))[0])
        return Estimate(accuracy, *interval(rows, ratio, candidate.problem.seed, LEVEL))


def confidences(predictions: Predictions) -> np.ndarray:
    """Of each example the sum of its greatest probabilities and how many there are: shape (n, 2).

    Raises :class:`UsageError` where the model gives no probabilities.
    """
    if predictions.probabilities is None:
        raise UsageError("this model gives no probabilities to estimate from; give e.g. --classifier logreg")
    if isinstance(predictions.probabilities, np.ndarray):
        greatest = predictions.probabilities.max(axis=1)
        return np.stack([greatest, np.ones(len(greatest))], axis=1)
    return np.array(
        [[np.max(rows, axis=1).sum() if len(rows) else 0.0, len(rows)] for rows in predictions.probabilities]
    )
