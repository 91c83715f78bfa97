"""Logistic regression with Gaussian priors, by Newton's method: over columns, and over a kernel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

ROUNDS = 60
TOLERANCE = 1e-9
INTERCEPT_VARIANCE = 25.0
"""Of the prior on the intercept: wide enough for one true link in a thousand."""


def sigmoid(x: np.ndarray) -> np.ndarray:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)))


def log_likelihood(scores: np.ndarray, truth: np.ndarray, counts: np.ndarray) -> float:
    """Σ counts · log P(truth | scores); ``truth`` may be a share between 0 and 1."""
    return float(counts @ (truth * scores - np.logaddexp(0.0, scores)))


def fit_columns(
    columns: np.ndarray, truth: np.ndarray, mean: np.ndarray, precision: np.ndarray, counts: np.ndarray | None = None
) -> tuple[np.ndarray, float]:
    """Weights and intercept with the highest posterior under N(mean, 1 / precision) on each weight.

    Parameters
    ----------
    columns : ndarray, shape (n, k)
    truth : ndarray, shape (n,)
        Between 0 and 1.
    mean, precision : ndarray, shape (k,)
    counts : ndarray, shape (n,), optional
        How many examples a row stands for.
    """
    n, k = columns.shape
    counts = np.ones(n) if counts is None else counts
    x = np.hstack([columns, np.ones((n, 1))])
    centre, pull = np.append(mean, 0.0), np.append(precision, 1.0 / INTERCEPT_VARIANCE)
    weights = centre.copy()

    def objective(w: np.ndarray) -> float:
        return log_likelihood(x @ w, truth, counts) - 0.5 * float(pull @ (w - centre) ** 2)

    value = objective(weights)
    for _ in range(ROUNDS):
        p = sigmoid(x @ weights)
        gradient = x.T @ (counts * (truth - p)) - pull * (weights - centre)
        curvature = (x * (counts * p * (1 - p))[:, None]).T @ x + np.diag(pull)
        before = value
        weights, value = _climbed(objective, weights, np.linalg.solve(curvature, gradient), before)
        if value - before < TOLERANCE:
            break
    return weights[:k], float(weights[k])


def _climbed(
    objective: Callable[[np.ndarray], float], start: np.ndarray, move: np.ndarray, value: float
) -> tuple[np.ndarray, float]:
    """Where the move leads and the objective there; the move is halved until it does not fall below ``value``."""
    step = 1.0
    while (reached := objective(start + step * move)) < value - 1e-12 and step > 1e-6:
        step /= 2
    return start + step * move, reached


@dataclass(frozen=True, eq=False)
class KernelFit:
    """The mode of a Gaussian-process logistic model.

    Attributes
    ----------
    alpha : ndarray, shape (n,)
        The score of a new example is its prior mean plus ``kernel(new, rows) @ alpha``.
    evidence : float
        Laplace's approximation of log P(truth).
    """

    alpha: np.ndarray
    evidence: float


def fit_kernel(kernel: np.ndarray, mean: np.ndarray, truth: np.ndarray, counts: np.ndarray) -> KernelFit:
    """Newton's method for scores with prior N(mean, kernel) (Rasmussen & Williams 2006, algorithm 3.1).

    Parameters
    ----------
    kernel : ndarray, shape (n, n)
    mean : ndarray, shape (n,)
    truth : ndarray, shape (n,)
        The share of a row's examples that are true.
    counts : ndarray, shape (n,)
        How many examples a row stands for.
    """
    n = len(mean)
    alpha = np.zeros(n)

    def objective(a: np.ndarray) -> float:
        f = kernel @ a
        return log_likelihood(mean + f, truth, counts) - 0.5 * float(a @ f)

    value = objective(alpha)
    factor = np.eye(n)
    for _ in range(ROUNDS):
        f = kernel @ alpha
        p = sigmoid(mean + f)
        w = np.maximum(counts * p * (1 - p), 1e-12)
        root = np.sqrt(w)
        factor = np.linalg.cholesky(np.eye(n) + root[:, None] * kernel * root[None, :])
        b = w * f + counts * (truth - p)
        inner = np.linalg.solve(factor.T, np.linalg.solve(factor, root * (kernel @ b)))
        before = value
        alpha, value = _climbed(objective, alpha, b - root * inner - alpha, before)
        if value - before < TOLERANCE:
            break
    return KernelFit(alpha, value - float(np.log(np.diag(factor)).sum()))
