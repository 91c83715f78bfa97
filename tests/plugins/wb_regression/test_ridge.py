"""Ridge regression and its importance-weighted kin: closed forms, and the gain that the weights are made for."""

import numpy as np
import pytest

from wb_corpora.shifts import draw
from wb_instance.kmm import KernelMeanMatching
from workbench.data.domains import Domain, Problem
from workbench.errors import UsageError
from workbench.methods.variants import make
from workbench.plugins.loading import load
from workbench.progress import Progress

HOST = load()


def problem(seed=0, n=200, dimensions=3):
    generator = np.random.default_rng(seed)
    x, y = draw("regression", "source", n, dimensions, generator)
    target, truth = draw("regression", "target", n, dimensions, generator)
    source = Domain("s", "regression", x, y)
    return Problem("regression", (source,), Domain("t", "regression", target), seed=seed), truth


def fitted(name, given, **settings):
    return make(HOST.methods.get(name, "regression"), settings, HOST).fit(given, Progress())


def rmse(model, given, truth):
    return float(np.sqrt(np.mean((model.predict(given.target.inputs).labels - truth) ** 2)))


def closed_form(x, y, weights, penalty):
    """Coefficients and intercept of min Σ w (y − x β − b)² + λ ‖β‖² by the normal equations."""
    design = np.column_stack([x, np.ones(len(x))])
    ridge = penalty * np.diag([*np.ones(x.shape[1]), 0.0])
    return np.linalg.solve(design.T @ (weights[:, None] * design) + ridge, design.T @ (weights * y))


def test_source_only_is_the_normal_equations():
    given, _ = problem()
    x, y = given.source.inputs, given.source.labels
    *slope, intercept = closed_form(x, y, np.ones(len(y)), 7.0)
    predicted = fitted("source-only", given, penalty=7.0, scaling="none").predict(given.target.inputs)
    np.testing.assert_allclose(predicted.labels, given.target.inputs @ slope + intercept, rtol=1e-9)
    assert predicted.classes == () and predicted.probabilities is None


def test_weighted_ridge_is_the_normal_equations_with_the_weights_of_kernel_mean_matching():
    given, _ = problem()
    x, y = given.source.inputs, given.source.labels
    weights = KernelMeanMatching(bound=5.0).fit(x, target=given.target.inputs).weights_
    weights = np.maximum(weights / weights.mean(), 1e-6)
    *slope, intercept = closed_form(x, y, weights, 1.0)
    predicted = fitted("kmm-ridge", given, scaling="none", bound=5.0).predict(given.target.inputs)
    np.testing.assert_allclose(predicted.labels, given.target.inputs @ slope + intercept, rtol=1e-6)


@pytest.mark.parametrize("name", ["kmm-ridge", "ulsif-ridge"])
def test_weights_help_a_line_on_a_curve(name):
    for seed in range(5):
        given, truth = problem(seed)
        assert rmse(fitted(name, given), given, truth) < 0.8 * rmse(fitted("source-only", given), given, truth)


@pytest.mark.parametrize("name", ["kmm-ridge", "ulsif-ridge"])
def test_without_a_shift_weights_change_little(name):
    given, _ = problem()
    same = Problem("regression", given.sources, given.source.unlabelled())
    plain = fitted("source-only", same).predict(same.target.inputs).labels
    weighted = fitted(name, same).predict(same.target.inputs).labels
    assert np.corrcoef(plain, weighted)[0, 1] > 0.99


def test_texts_with_numbers_are_learnt_too():
    task = HOST.tasks.get("regression").load()()
    source, target = task.example_of("texts", 0)
    given = Problem("regression", (source,), target.unlabelled())
    predicted = fitted("kmm-ridge", given).predict(target.inputs).labels
    assert np.corrcoef(predicted, target.labels)[0, 1] > 0.9


def test_labels_that_are_no_numbers_are_refused():
    given, _ = problem()
    for labels in (np.full(200, np.nan), np.zeros(200, dtype=int)):
        source = Domain("s", "regression", given.source.inputs, labels)
        with pytest.raises(UsageError, match="labels that are no numbers"):
            fitted("source-only", Problem("regression", (source,), given.target))


def test_memory_is_asked_of_the_weighting(monkeypatch):
    monkeypatch.setenv("WB_MEMORY", "200KB")
    given, _ = problem()
    assert fitted("kmm-ridge", given).notes["landmarks"] == 199
