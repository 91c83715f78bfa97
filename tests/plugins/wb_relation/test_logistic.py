"""The two solvers against a general optimiser and against each other."""

import numpy as np
import pytest
from scipy.optimize import minimize

from wb_relation.logistic import INTERCEPT_VARIANCE, fit_columns, fit_kernel, log_likelihood


@pytest.fixture
def data():
    generator = np.random.default_rng(0)
    x = (generator.random((60, 5)) < 0.4).astype(float)
    truth = (generator.random(60) < 1 / (1 + np.exp(-(x @ [2, -1, 0, 1, 0.5] - 1)))).astype(float)
    return x, truth, generator.integers(1, 4, size=60).astype(float)


def test_columns_reach_the_optimum(data):
    x, truth, counts = data
    mean, precision = np.array([1.0, 0, 0, -1, 0]), np.array([1.0, 2, 10, 1, 0.5])

    def loss(w):
        prior = precision @ (w[:5] - mean) ** 2 + w[5] ** 2 / INTERCEPT_VARIANCE
        return 0.5 * prior - log_likelihood(x @ w[:5] + w[5], truth, counts)

    best = minimize(loss, np.zeros(6), method="BFGS", options={"gtol": 1e-8})
    weights, intercept = fit_columns(x, truth, mean, precision, counts)
    np.testing.assert_allclose([*weights, intercept], best.x, atol=1e-5)


def test_kernel_form_is_the_same_ridge(data):
    x, truth, counts = data
    kernel = INTERCEPT_VARIANCE + x @ x.T / 10
    fit = fit_kernel(kernel, np.zeros(60), truth, counts)
    weights, intercept = fit_columns(x, truth, np.zeros(5), np.full(5, 10.0), counts)
    np.testing.assert_allclose(x.T @ fit.alpha / 10, weights, atol=1e-6)
    np.testing.assert_allclose(kernel @ fit.alpha, x @ weights + intercept, atol=1e-6)


def test_a_prior_mean_is_an_offset(data):
    x, truth, counts = data
    offset = x @ np.array([3.0, 0, 0, 0, 0])
    fit = fit_kernel(INTERCEPT_VARIANCE + x @ x.T, offset, truth, counts)
    weights, _ = fit_columns(x, truth, np.array([3.0, 0, 0, 0, 0]), np.ones(5), counts)
    np.testing.assert_allclose(x.T @ fit.alpha + [3, 0, 0, 0, 0], weights, atol=1e-6)


def test_separable_data_stay_finite():
    x = np.eye(2)
    weights, intercept = fit_columns(x, np.array([0.0, 1.0]), np.zeros(2), np.ones(2))
    assert np.isfinite(weights).all() and weights[1] == pytest.approx(-weights[0]) and intercept == pytest.approx(0)
