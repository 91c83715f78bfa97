"""Bias-corrected temperature scaling: against a general optimiser, and on probabilities whose fault is known."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.scoring.calibration import RIDGE, Calibration, calibrate, logarithms, softmax


def drawn(slope: float, biases: list[float], n: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that become right by softmax(slope · log p + biases), and labels drawn so."""
    generator = np.random.default_rng(0)
    probabilities = generator.dirichlet(np.ones(len(biases)), n)
    right = Calibration(slope, np.array(biases)).apply(probabilities)
    return probabilities, (right.cumsum(axis=1) < generator.random((n, 1))).sum(axis=1)


def test_the_fault_that_was_put_in_is_found():
    probabilities, labels = drawn(0.5, [0.8, 0.0, -0.8])
    calibration = calibrate(probabilities, labels)
    assert calibration.slope == pytest.approx(0.5, abs=0.03)
    assert calibration.biases - calibration.biases.mean() == pytest.approx([0.8, 0.0, -0.8], abs=0.07)
    assert calibration.apply(probabilities).mean(axis=0) == pytest.approx(np.bincount(labels) / len(labels), abs=1e-3)


def test_newton_finds_what_a_general_optimiser_finds():
    from scipy.optimize import minimize

    probabilities, labels = drawn(1.7, [0.3, -0.2, 0.4], n=300)
    logs = logarithms(probabilities)

    def loss(values: np.ndarray) -> float:
        right = softmax(values[0] * logs + values[1:])[np.arange(len(labels)), labels]
        return float(-np.log(right).sum() + RIDGE / 2 * np.sum((values - [1, 0, 0, 0]) ** 2))

    calibration = calibrate(probabilities, labels)
    best = minimize(loss, [1.0, 0.0, 0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-6, "maxiter": 4000}).x
    assert [calibration.slope, *calibration.biases] == pytest.approx(best, abs=2e-3)


def test_a_count_is_as_good_as_repetition_and_a_temperature_alone_moves_no_class():
    probabilities, labels = drawn(0.5, [0.5, 0.0, -0.5], n=200)
    count = np.random.default_rng(1).integers(0, 3, 200)
    repeated = calibrate(np.repeat(probabilities, count, axis=0), np.repeat(labels, count), biases=False)
    counted = calibrate(probabilities, labels, count.astype(float), biases=False)
    assert counted.slope == pytest.approx(repeated.slope, abs=1e-6)
    assert not counted.biases.any()
    assert (counted.apply(probabilities).argmax(axis=1) == probabilities.argmax(axis=1)).all()


def test_a_class_that_is_never_seen_keeps_a_place():
    probabilities, labels = drawn(1.0, [0.0, 0.0, 0.0], n=300)
    calibration = calibrate(probabilities[labels < 2], labels[labels < 2])
    assert np.isfinite(calibration.biases).all()
    assert (calibration.apply(probabilities)[:, 2] > 0).all()
