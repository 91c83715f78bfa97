"""Probabilities that mean what they say: a temperature and one bias for each class, fitted on held-out examples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SMALLEST = 1e-6
"""Probabilities below this count as this, so that their logarithms are finite."""

RIDGE = 1.0
"""Weight of ½ ((1/T − 1)² + ‖b‖²) beside the log-likelihood: a class that is never seen keeps a place."""

ROUNDS, ENOUGH = 50, 1e-6
"""Newton's steps at most, and the decrease of the mean loss at which they end."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """Maps probabilities p to softmax(log p / T + b).

    Attributes
    ----------
    slope : float
        1 / T; 1 leaves the probabilities as sharp as they are, less makes them softer.
    biases : ndarray, shape (C,)
        b; all 0 where only the temperature was fitted.
    """

    slope: float
    biases: np.ndarray

    def apply(self, probabilities: np.ndarray) -> np.ndarray:
        """Calibrated probabilities, shape (n, C), of the model's (n, C)."""
        return softmax(self.slope * logarithms(probabilities) + self.biases)


def calibrate(
    probabilities: np.ndarray, labels: np.ndarray, weights: np.ndarray | None = None, biases: bool = True
) -> Calibration:
    """Fit the temperature and the biases to labelled examples that the model was not trained on.

    Parameters
    ----------
    probabilities : ndarray, shape (n, C)
    labels : ndarray of int, shape (n,)
    weights : ndarray, shape (n,), optional
        Of the examples, e.g. how often each was drawn, or its importance for the target; of mean 1 or nearly.
    biases : bool
        Whether to fit the biases, too: *bias-corrected temperature scaling*; without them *temperature scaling*.

    References
    ----------
    Guo, Pleiss, Sun & Weinberger (ICML 2017), On calibration of modern neural networks; Alexandari, Kundaje & Shrikumar
    (ICML 2020), Maximum likelihood with bias-corrected calibration is hard-to-beat at label shift adaptation, § 3.

    Differs from the paper
    ----------------------
    A weak ridge (:data:`RIDGE`) keeps the biases of classes with few held-out examples finite.
    """
    logs, count = logarithms(probabilities), np.ones(len(labels)) if weights is None else weights
    classes = logs.shape[1]
    truth = np.eye(classes)[labels]
    start = np.r_[1.0, np.zeros(classes)]
    free = 1 + classes if biases else 1

    def loss(values: np.ndarray) -> float:
        chosen = softmax(values[0] * logs + values[1:])[np.arange(len(labels)), labels]
        return float(-count @ np.log(np.maximum(chosen, 1e-300)) + RIDGE / 2 * np.sum((values - start) ** 2))

    values, now = start, loss(start)
    for _ in range(ROUNDS):
        gradient, curvature = _derivatives(values, logs, truth, count)
        gradient += RIDGE * (values - start)
        curvature[np.diag_indices(1 + classes)] += RIDGE
        step = np.zeros_like(values)
        step[:free] = np.linalg.solve(curvature[:free, :free], gradient[:free])
        size, before = 1.0, now
        while (now := loss(values - size * step)) > before and size > 1e-4:
            size /= 2
        if now > before:
            break
        values = values - size * step
        if before - now <= ENOUGH * len(labels):
            break
    return Calibration(float(values[0]), values[1:])


def _derivatives(
    values: np.ndarray, logs: np.ndarray, truth: np.ndarray, count: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Gradient (1 + C,) and Hessian (1 + C, 1 + C) of the negative log-likelihood by (slope, biases)."""
    p = softmax(values[0] * logs + values[1:])
    weighted = count[:, None] * p
    residual = weighted - count[:, None] * truth
    centred = logs - np.sum(p * logs, axis=1, keepdims=True)
    classes = logs.shape[1]
    curvature = np.empty((1 + classes, 1 + classes))
    curvature[0, 0] = np.sum(weighted * centred**2)
    curvature[0, 1:] = curvature[1:, 0] = np.sum(weighted * centred, axis=0)
    curvature[1:, 1:] = np.diag(weighted.sum(axis=0)) - weighted.T @ p
    return np.r_[np.sum(residual * logs), residual.sum(axis=0)], curvature


def logarithms(probabilities: np.ndarray) -> np.ndarray:
    """log p (n, C), finite."""
    return np.log(np.maximum(np.asarray(probabilities, dtype=np.float64), SMALLEST))


def softmax(logits: np.ndarray) -> np.ndarray:
    """exp z / Σ exp z of each row (n, C)."""
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))


def calibration_error(
    probabilities: np.ndarray, labels: np.ndarray, weights: np.ndarray | None = None, bins: int = 15
) -> float:
    """The expected calibration error: the mean distance of confidence and accuracy over equal bins of confidence.

    Parameters
    ----------
    probabilities : ndarray, shape (n, C)
    labels : ndarray of int, shape (n,)
    weights : ndarray, shape (n,), optional

    References
    ----------
    Guo et al. (ICML 2017), eq. 3.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    weight = np.ones(len(labels)) if weights is None else weights
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gap = np.bincount(place, weight * (right - confidence), bins)
    return float(np.abs(gap).sum() / weight.sum())
