"""RMSE, MAE and R² are scikit-learn's, and the smaller error wins."""

import numpy as np
import pytest
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

from wb_regression.evaluator import RegressionEvaluator
from workbench.data.domains import Domain, Predictions, Problem
from workbench.scoring.comparing import NEGATIVE, POSITIVE, compare

generator = np.random.default_rng(0)
TRUTH = 5000 + 10 * generator.normal(size=80)
GOLD = Domain("t", "regression", np.zeros((80, 1)), TRUTH)
PROBLEM = Problem("regression", (GOLD,), GOLD.unlabelled())
NEAR, FAR = (Predictions(TRUTH + spread * generator.normal(size=80), ()) for spread in (1.0, 9.0))


def scores(predictions):
    return RegressionEvaluator().score(GOLD, predictions, PROBLEM)


def test_figures_are_those_of_scikit_learn():
    metrics = scores(FAR).metrics
    assert list(metrics) == ["rmse", "mae", "r2"]
    assert metrics["rmse"].value == pytest.approx(root_mean_squared_error(TRUTH, FAR.labels))
    assert metrics["mae"].value == pytest.approx(mean_absolute_error(TRUTH, FAR.labels))
    assert metrics["r2"].value == pytest.approx(r2_score(TRUTH, FAR.labels))
    assert {metric.unit for metric in metrics.values()} == {"number"}


def test_the_smaller_error_is_the_better_one():
    assert compare(scores(FAR), scores(NEAR)).verdict == POSITIVE
    assert compare(scores(NEAR), scores(FAR)).verdict == NEGATIVE


def test_intervals_hold_the_figure_and_no_spread_gives_no_r2():
    adapted = compare(None, scores(FAR)).adapted
    assert all(estimate.low < estimate.value < estimate.high for estimate in adapted.values())
    flat = Domain("t", "regression", np.zeros((3, 1)), np.ones(3))
    assert np.isnan(RegressionEvaluator().score(flat, Predictions(np.zeros(3), ()), PROBLEM).metrics["r2"].value)


def test_what_changed_is_counted():
    changes = RegressionEvaluator().changes(GOLD, FAR, NEAR, PROBLEM)
    assert changes["nearer"] + changes["farther"] == 80 and changes["nearer"] > 60
    assert "true" in changes["examples"][1]
    assert RegressionEvaluator().notices(GOLD, PROBLEM) == []
