"""Average confidence: known answers."""

import numpy as np
import pytest

from wb_selection.confidence import AverageConfidence
from workbench.data.domains import Domain, Predictions, Problem
from workbench.errors import UsageError

SOURCE = Domain("s", "classification", np.zeros((2, 1)), np.array([0, 1]), ("a", "b"))
PROBLEM = Problem("classification", (SOURCE,), Domain("t", "classification", np.zeros((3, 1))))


class Says:
    def __init__(self, probabilities):
        self.probabilities = probabilities

    def predict(self, inputs):
        return Predictions(np.zeros(3, dtype=int), ("a", "b"), self.probabilities)


def test_the_mean_of_the_greatest_probabilities():
    found = AverageConfidence().estimate(Says(np.array([[0.9, 0.1], [0.4, 0.6], [0.5, 0.5]])), PROBLEM, None)
    assert found.value == pytest.approx((0.9 + 0.6 + 0.5) / 3)
    assert 0.5 <= found.low < found.value < found.high <= 0.9


def test_words_count_and_not_sentences():
    rows = [np.array([[1.0, 0.0]] * 9), np.zeros((0, 2)), np.array([[0.5, 0.5]])]
    assert AverageConfidence().estimate(Says(rows), PROBLEM, None).value == pytest.approx(0.95)


def test_a_model_without_probabilities_is_told():
    with pytest.raises(UsageError, match="gives no probabilities"):
        AverageConfidence().estimate(Says(None), PROBLEM, None)
