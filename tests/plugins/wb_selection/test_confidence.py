"""Average confidence: known answers."""

import numpy as np
import pytest

from wb_selection.estimators.confidence import AverageConfidence
from workbench.choosing.candidates import Candidate
from workbench.choosing.estimators import lacking
from workbench.data.domains import Domain, Predictions, Problem
from workbench.errors import UsageError

SOURCE = Domain("s", "classification", np.zeros((2, 1)), np.array([0, 1]), ("a", "b"))
PROBLEM = Problem("classification", (SOURCE,), Domain("t", "classification", np.zeros((3, 1))))


def predicting(probabilities):
    predictions = Predictions(np.zeros(3, dtype=int), ("a", "b"), probabilities)
    return Candidate(None, PROBLEM, None, predictions, lambda problem: None)


def test_the_mean_of_the_greatest_probabilities():
    estimate = AverageConfidence().estimate(predicting(np.array([[0.9, 0.1], [0.4, 0.6], [0.5, 0.5]])))
    assert estimate.value == pytest.approx((0.9 + 0.6 + 0.5) / 3)
    assert 0.5 <= estimate.low < estimate.value < estimate.high <= 0.9


def test_words_count_and_not_sentences():
    rows = [np.array([[1.0, 0.0]] * 9), np.zeros((0, 2)), np.array([[0.5, 0.5]])]
    assert AverageConfidence().estimate(predicting(rows)).value == pytest.approx(0.95)


def test_a_model_without_probabilities_is_told():
    with pytest.raises(UsageError, match="gives no probabilities"):
        AverageConfidence().estimate(predicting(None))
    assert "none but 0 and 1" in lacking(AverageConfidence, predicting(None))
