"""The contract of an estimator: what it lacks, and the difference of two estimates."""

from dataclasses import replace

import numpy as np
import pytest

from workbench.choosing.candidates import Candidate
from workbench.choosing.estimators import Estimator, agreeing, difference_of, lacking, normal_p
from workbench.data.domains import Domain, Predictions, Problem
from workbench.scoring.comparing import Estimate


class Same:
    """A model that predicts the first feature as the class."""

    def __init__(self):
        self.calls = 0

    def predict(self, inputs):
        self.calls += 1
        return Predictions(inputs[:, 0].astype(int), ("b", "a"), np.eye(2)[inputs[:, 0].astype(int)])

    predict_source = predict


def candidate(held_out):
    source = Domain("s", "classification", np.zeros((2, 1)), np.array([0, 1]), ("a", "b"))
    problem = Problem("classification", (source,), Domain("t", "classification", np.zeros((3, 1))))
    model = Same()
    return Candidate(model, problem, held_out, model.predict(problem.target.inputs), lambda problem: model)


def test_held_out_labels_are_over_the_classes_of_the_predictions_and_the_model_is_asked_once():
    given = candidate(Domain("s", "classification", np.array([[0.0], [1.0]]), np.array([0, 1]), ("a", "b")))
    before = given.model.calls
    assert given.held_out_labels().tolist() == [1, 0]
    assert given.held_out_probabilities().tolist() == [[1, 0], [0, 1]]
    assert given.model.calls == before + 1


def test_the_difference_of_two_estimates_is_as_wide_as_both_together():
    difference = difference_of(Estimate(0.5, 0.46, 0.53), Estimate(0.6, 0.56, 0.63))
    assert difference.value == pytest.approx(0.1)
    assert (difference.low, difference.high) == pytest.approx((0.05, 0.15))
    assert normal_p(0.1, 0.0, 0.2) == pytest.approx(0.1), "the interval of 90 % that just reaches zero"


def test_two_estimates_are_moved_alike_to_differ_by_what_is_estimated():
    before, after = Estimate(0.5, 0.4, 0.6), Estimate(0.7, 0.65, 0.99)
    difference = difference_of(before, after)
    assert [side.value for side in agreeing(before, after, difference)] == pytest.approx([0.5, 0.7])
    before, after = agreeing(before, after, replace(difference, value=0.1))
    assert (before.value, before.low, before.high) == pytest.approx((0.55, 0.45, 0.65))
    assert (after.value, after.low, after.high) == pytest.approx((0.65, 0.6, 0.94))


def test_what_a_candidate_lacks_is_said():
    class Needs(Estimator):
        needs_held_out = True

        def estimate(self, candidate):
            raise AssertionError

    assert "did not see" in lacking(Needs, candidate(None))
    assert lacking(Needs, candidate(candidate(None).problem.source)) == ""
