"""Class shares of an unlabelled target under a label shift that is known."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.scoring.shares import (
    ESTIMATORS,
    MOST,
    corrected,
    expectation_maximisation,
    with_interval,
)

SOURCE, TARGET = np.array([0.4, 0.4, 0.2]), np.array([0.1, 0.3, 0.6])
HONEST = [name for name in ESTIMATORS if name != "count"]


def posteriors(x: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The right probabilities of three Gaussians on a line at 0, 2 and 4."""
    density = shares * np.exp(-((x[:, None] - [0, 2, 4]) ** 2) / 2)
    return density / density.sum(axis=1, keepdims=True)


def drawn(shares: np.ndarray, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """n examples with those class shares: what a classifier of the source says of them, and their classes."""
    generator = np.random.default_rng(seed)
    labels = generator.choice(3, n, p=shares)
    return posteriors(generator.normal(2.0 * labels), SOURCE), labels


@pytest.mark.parametrize("name", HONEST)
def test_known_shares_are_found(name):
    (held_out, labels), (target, _) = drawn(SOURCE, 4000, 0), drawn(TARGET, 4000, 1)
    shares = ESTIMATORS[name](held_out, labels, target)
    assert shares == pytest.approx(TARGET, abs=0.035)
    assert shares.sum() == pytest.approx(1)
    counted = ESTIMATORS["count"](held_out, labels, target)
    assert np.abs(shares - TARGET).sum() < np.abs(counted - TARGET).sum() / 1.5


@pytest.mark.parametrize("name", HONEST)
def test_without_a_shift_the_shares_are_those_of_the_held_out_examples(name):
    held_out, labels = drawn(SOURCE, 2000, 0)
    shares = ESTIMATORS[name](held_out, labels, held_out)
    assert shares == pytest.approx(np.bincount(labels) / 2000, abs=0.004)


@pytest.mark.parametrize("name", HONEST)
def test_a_wrong_temperature_does_no_harm(name):
    (held_out, labels), (target, _) = drawn(SOURCE, 3000, 0), drawn(TARGET, 3000, 1)
    sharper = [p**3 / (p**3).sum(axis=1, keepdims=True) for p in (held_out, target)]
    assert ESTIMATORS[name](sharper[0], labels, sharper[1]) == pytest.approx(TARGET, abs=0.05)


def test_expectation_maximisation_finds_the_greatest_likelihood():
    from scipy.optimize import minimize

    target, _ = drawn(TARGET, 300, 2)

    def loss(free: np.ndarray) -> float:
        shares = np.exp(np.r_[free, 0.0])
        return -float(np.log((target / SOURCE) @ (shares / shares.sum())).sum())

    best = np.exp(np.r_[minimize(loss, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-7}).x, 0.0])
    assert expectation_maximisation(target, SOURCE) == pytest.approx(best / best.sum(), abs=1e-4)


def test_regularised_learning_finds_the_least_objective():
    from scipy.optimize import minimize

    from workbench.scoring.shares import _regularised

    joint, called = np.array([[0.30, 0.06, 0.02], [0.08, 0.26, 0.05], [0.02, 0.08, 0.13]]), np.array([0.2, 0.3, 0.5])

    def objective(ratios: np.ndarray, penalty: float) -> float:
        return float(np.linalg.norm(joint @ ratios - called) + penalty * np.linalg.norm(ratios - 1))

    for penalty in (0.005, 0.15, 0.5):
        bounds = [(0, None)] * 3
        best = minimize(objective, np.ones(3) + 0.1, (penalty,), "Nelder-Mead", bounds=bounds, options={"xatol": 1e-7})
        assert objective(_regularised(joint, called, penalty), penalty) <= best.fun + 2e-4


def test_corrected_probabilities_are_those_of_the_other_shares():
    x = np.linspace(-2, 6, 50)
    assert corrected(posteriors(x, SOURCE), SOURCE, TARGET) == pytest.approx(posteriors(x, TARGET))


@pytest.mark.parametrize("name", ["em", "bbse"])
def test_nine_of_ten_intervals_hold_the_true_share(name):
    covered = []
    for seed in range(12):
        (held_out, labels), (target, _) = drawn(SOURCE, 250, 2 * seed), drawn(TARGET, 400, 2 * seed + 1)
        shares = with_interval(ESTIMATORS[name], held_out, labels, target, seed)
        assert (shares.low <= shares.value).all()
        assert (shares.value <= shares.high).all()
        covered += list((shares.low <= TARGET) & (shares.high >= TARGET))
    assert 0.75 <= np.mean(covered) <= 1


def test_a_class_without_held_out_examples_and_many_examples_end_well():
    (held_out, labels), (target, _) = drawn(SOURCE, 300, 0), drawn(TARGET, 2 * MOST, 1)
    seen = labels < 2
    for name in HONEST:
        shares = with_interval(ESTIMATORS[name], held_out[seen], labels[seen], target)
        assert np.isfinite([shares.value, shares.low, shares.high]).all()
        assert shares.value.sum() == pytest.approx(1)
