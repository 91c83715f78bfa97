"""The comparison of two models and the verdict."""

import numpy as np
import pytest

from workbench.scoring.comparing import NEGATIVE, NOT_COMPARED, POSITIVE, UNCLEAR, Difference, compare, decide
from workbench.scoring.metrics import Metric, Scores


def scores(right: np.ndarray) -> Scores:
    return Scores({"accuracy": Metric(np.stack([right, np.ones(len(right))], axis=1), title="accuracy")})


@pytest.fixture
def weak() -> np.ndarray:
    return (np.arange(400) % 4 != 0).astype(float)


def test_a_better_model_is_positive(weak):
    strong = weak.copy()
    strong[np.flatnonzero(weak == 0)[:60]] = 1
    found = compare(scores(weak), scores(strong))
    assert found.verdict == POSITIVE
    assert found.difference["accuracy"].value == pytest.approx(0.15)
    assert found.difference["accuracy"].low > 0
    assert found.baseline["accuracy"].low < 0.75 < found.baseline["accuracy"].high


def test_a_worse_model_is_negative_transfer(weak):
    worse = weak.copy()
    worse[np.flatnonzero(weak == 1)[:60]] = 0
    assert compare(scores(weak), scores(worse)).verdict == NEGATIVE


def test_two_changes_that_cancel_are_no_clear_difference(weak):
    other = weak.copy()
    other[np.flatnonzero(weak == 0)[0]] = 1
    other[np.flatnonzero(weak == 1)[0]] = 0
    assert compare(scores(weak), scores(other)).verdict == UNCLEAR


def test_without_a_baseline_nothing_is_claimed(weak):
    found = compare(None, scores(weak))
    assert found.verdict == NOT_COMPARED
    assert not found.difference


def test_for_an_error_less_is_better():
    assert decide(Difference(-0.1, -0.2, -0.05, 0.001), higher_is_better=False) == POSITIVE
    assert decide(Difference(0.1, 0.05, 0.2, 0.001), higher_is_better=False) == NEGATIVE


def test_an_undefined_difference_is_never_a_verdict():
    assert decide(Difference(float("nan"), 0, 0, float("nan"))) == UNCLEAR
