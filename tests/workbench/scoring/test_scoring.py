"""The comparison of two models and the verdict."""

import numpy as np
import pytest

from workbench.scoring.comparing import NEGATIVE, NOT_COMPARED, POSITIVE, UNCLEAR, Difference, compare, decide
from workbench.scoring.metrics import Metric, Scores
from workbench.scoring.scales import Scale


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
    error = Scale("RMSE", "number", higher_is_better=False)
    assert decide(Difference(-0.1, -0.2, -0.05, 0.001), error) == POSITIVE
    assert decide(Difference(0.1, 0.05, 0.2, 0.001), error) == NEGATIVE
    assert error.gain(-20.17) == 20.17


def test_a_difference_below_the_floor_is_no_verdict_however_sure():
    accuracy = Scale("accuracy")
    assert decide(Difference(0.0003, 0.0001, 0.0005, 0.001), accuracy) == UNCLEAR
    assert decide(Difference(0.0003, 0.0001, 0.0005, 0.001), accuracy, floor=0.0) == POSITIVE
    assert decide(Difference(0.0003, 0.0001, 0.0005, 0.001), Scale("RMSE", "number")) == POSITIVE


@pytest.mark.parametrize(
    ("unit", "value", "shown", "difference"),
    [
        ("share", 0.80604, "80.60", "+80.60"),
        ("number", 21.256, "21.26", "+21.26"),
        ("number", 4383057.86, "4,383,058", "+4,383,058"),
        ("number", 0.01234, "0.0123", "+0.0123"),
        ("number", float("nan"), "–", "–"),
    ],
)
def test_a_value_is_written_in_its_unit(unit, value, shown, difference):
    assert Scale("x", unit).value(value) == shown
    assert Scale("x", unit).difference(value) == difference


def test_an_undefined_difference_is_never_a_verdict():
    assert decide(Difference(float("nan"), 0, 0, float("nan")), Scale("accuracy")) == UNCLEAR
