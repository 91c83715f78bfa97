"""Class shares of an unlabelled target, from held-out source examples and what a classifier says of both.

All assume *label shift*: the classes' shares differ between the domains, the examples of a class do not,
p_S(x | y) = p_T(x | y). Where that fails, the estimates are off by more than their intervals say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from workbench.scoring.calibration import Calibration, calibrate

RESAMPLES, LEVEL = 100, 0.9
"""Bootstrap samples behind an interval, and its coverage."""

MOST = 2_000
"""Examples of a side that a bootstrap sample draws from at most; with more, the interval is wider than it need be."""

ENOUGH_TARGET = 50_000
"""Target examples that shares are estimated from at most: with more, a share is known to .2 points by any of them."""

ITERATIONS, ENOUGH, TINY = 300, 1e-6, 1e-9
"""Of the expectation maximisation at most, the largest change of a share at which it ends, and the smallest share."""

RIDGES = np.r_[0.0, np.logspace(-7, 2, 28)]
"""The ridges among which RLLS finds its own: a minimiser with norms is one with squares for some ridge."""

DELTA, STRENGTH = 0.05, 0.01
"""Of RLLS: the chance that its bound fails, and the share of the bound that regularises, both as its authors' code."""


@dataclass(frozen=True, eq=False)
class Shares:
    """The share of each class with its 90 % interval: arrays of shape (C,), of which the first sums to 1."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray


class SharesEstimator(Protocol):
    """A function from held-out source probabilities, labels and weights, and target probabilities and weights."""

    def __call__(
        self,
        held_out: np.ndarray,
        labels: np.ndarray,
        target: np.ndarray,
        held_weights: np.ndarray | None = None,
        target_weights: np.ndarray | None = None,
    ) -> np.ndarray: ...


def with_interval(
    estimator: SharesEstimator, held_out: np.ndarray, labels: np.ndarray, target: np.ndarray, seed: int = 0
) -> Shares:
    """The shares with percentile bootstrap intervals; held-out and target examples are both resampled.

    Parameters
    ----------
    estimator : callable
        One of :data:`ESTIMATORS`.
    held_out : ndarray, shape (n, C)
        Probabilities of source examples that the classifier was not trained on.
    labels : ndarray of int, shape (n,)
        Their classes.
    target : ndarray, shape (m, C)
        Probabilities of the target's examples.
    """
    generator = np.random.default_rng(seed)
    if len(target) > ENOUGH_TARGET:
        target = target[generator.choice(len(target), ENOUGH_TARGET, replace=False)]
    value = estimator(held_out, labels, target)
    kept = [generator.permutation(len(side))[:MOST] for side in (held_out, target)]
    held_out, labels, target = held_out[kept[0]], labels[kept[0]], target[kept[1]]
    n, m = len(held_out), len(target)
    drawn = np.array(
        [estimator(held_out, labels, target, _drawn(generator, n), _drawn(generator, m)) for _ in range(RESAMPLES)]
    )
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return Shares(value, np.minimum(low, value), np.maximum(high, value))


def _drawn(generator: np.random.Generator, n: int) -> np.ndarray:
    """How often each of n examples is in a bootstrap sample (n,)."""
    return np.bincount(generator.integers(0, n, n), minlength=n).astype(np.float64)


def maximum_likelihood(
    held_out: np.ndarray,
    labels: np.ndarray,
    target: np.ndarray,
    held_weights: np.ndarray | None = None,
    target_weights: np.ndarray | None = None,
) -> np.ndarray:
    """Shares (C,) of greatest likelihood, by expectation maximisation, after bias-corrected temperature scaling.

    References
    ----------
    Saerens, Latinne & Decaestecker (Neural Computation 2002), Adjusting the outputs of a classifier to new a priori
    probabilities, eq. 2.9; Alexandari, Kundaje & Shrikumar (ICML 2020).
    """
    calibration, prior = calibrated(held_out, labels, held_weights)
    return expectation_maximisation(calibration.apply(target), prior, target_weights)


def calibrated(
    held_out: np.ndarray, labels: np.ndarray, weights: np.ndarray | None = None
) -> tuple[Calibration, np.ndarray]:
    """The bias-corrected calibration, and the class shares (C,) of the source that its probabilities stand for."""
    calibration = calibrate(held_out, labels, weights)
    return calibration, np.average(calibration.apply(held_out), axis=0, weights=weights)


def expectation_maximisation(
    probabilities: np.ndarray, prior: np.ndarray, weights: np.ndarray | None = None
) -> np.ndarray:
    """Shares (C,) that make calibrated target probabilities (m, C), right for ``prior`` (C,), most likely.

    q_c ← mean over x of q_c r_c(x) / Σ_k q_k r_k(x) with r = p / prior, from the prior on, until nothing moves. Two
    steps are followed by a leap along them: SQUAREM of Varadhan & Roland (Scandinavian Journal of Statistics 2008).
    """
    ratios = probabilities / np.maximum(prior, 1e-12)
    count = np.ones(len(ratios)) if weights is None else weights

    def step(shares: np.ndarray) -> np.ndarray:
        return np.asarray(shares * ((count / np.maximum(ratios @ shares, 1e-300)) @ ratios) / count.sum())

    shares = prior / prior.sum()
    for _ in range(ITERATIONS):
        first = step(shares)
        second = step(first)
        change, bend = first - shares, second - 2 * first + shares
        if np.abs(change).max() < ENOUGH:
            break
        length = max(1.0, float(np.linalg.norm(change)) / max(float(np.linalg.norm(bend)), 1e-12))
        leap = np.maximum(shares + 2 * length * change + length**2 * bend, TINY)
        shares = step(leap / leap.sum())
    return np.asarray(shares / shares.sum())


def corrected(probabilities: np.ndarray, prior: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Probabilities (m, C) for a domain with other class shares (C,): p_c shares_c / prior_c, of sum 1.

    Saerens et al. (2002), eq. 2.4.
    """
    moved = probabilities * (shares / np.maximum(prior, 1e-12))
    return np.asarray(moved / np.maximum(moved.sum(axis=1, keepdims=True), 1e-300))


def black_box(
    held_out: np.ndarray,
    labels: np.ndarray,
    target: np.ndarray,
    held_weights: np.ndarray | None = None,
    target_weights: np.ndarray | None = None,
) -> np.ndarray:
    """Shares (C,) of black box shift estimation: w solves C w = μ with hard predictions, and q = w · prior.

    C[i, j] is the share of held-out examples of class j that the classifier calls i, μ[i] the share of target examples
    that it calls i. Negative shares count as 0; where C is singular, w is the least-squares solution of least norm.

    References
    ----------
    Lipton, Wang & Smola (ICML 2018), Detecting and correcting for label shift with black box predictors, § 4.
    """
    return soft_black_box(_hard(held_out), labels, _hard(target), held_weights, target_weights)


def soft_black_box(
    held_out: np.ndarray,
    labels: np.ndarray,
    target: np.ndarray,
    held_weights: np.ndarray | None = None,
    target_weights: np.ndarray | None = None,
) -> np.ndarray:
    """As :func:`black_box`, with the classifier's probabilities in the place of hard predictions."""
    joint, called = _joint(held_out, labels, held_weights), np.average(target, axis=0, weights=target_weights)
    ratios = np.linalg.lstsq(joint, called, rcond=1e-6)[0]
    return _shares_of(ratios, joint)


def regularised_learning(
    held_out: np.ndarray,
    labels: np.ndarray,
    target: np.ndarray,
    held_weights: np.ndarray | None = None,
    target_weights: np.ndarray | None = None,
) -> np.ndarray:
    """Shares (C,) of regularised learning under label shift: w = 1 + θ ≥ 0, θ minimises ‖C θ − (μ − C 1)‖ + ρ ‖θ‖.

    With hard predictions and ρ = .01 · 3 (2 log(2 k / δ) / 3 n + √(2 log(2 k / δ) / n)) for k classes and n held-out
    examples.

    References
    ----------
    Azizzadenesheli, Liu, Yang & Anandkumar (ICLR 2019), Regularized learning for domain adaptation under label
    shifts, eq. 5, with the constants of its authors' code.

    Differs from the paper
    ----------------------
    The weight γ of θ is 1, as in its experiments with enough target examples.
    """
    joint = _joint(_hard(held_out), labels, held_weights)
    called = np.average(_hard(target), axis=0, weights=target_weights)
    n, classes = held_out.shape
    bound = np.log(2 * classes / DELTA)
    penalty = 3 * STRENGTH * (2 * bound / (3 * n) + np.sqrt(2 * bound / n))
    return _shares_of(_regularised(joint, called, float(penalty)), joint)


def _regularised(joint: np.ndarray, called: np.ndarray, penalty: float) -> np.ndarray:
    """w ≥ 0 with the least ‖C w − μ‖ + ρ ‖w − 1‖ on the path of its ridge regressions."""
    from scipy.optimize import nnls

    classes = len(called)
    best, ratios = np.inf, np.ones(classes)
    for ridge in np.sqrt(RIDGES):
        solution = nnls(np.vstack([joint, ridge * np.eye(classes)]), np.r_[called, np.full(classes, ridge)])[0]
        objective = float(np.linalg.norm(joint @ solution - called) + penalty * np.linalg.norm(solution - 1))
        if objective < best:
            best, ratios = objective, solution
    return np.asarray(ratios)


def classify_and_count(
    held_out: np.ndarray,
    labels: np.ndarray,
    target: np.ndarray,
    held_weights: np.ndarray | None = None,
    target_weights: np.ndarray | None = None,
) -> np.ndarray:
    """Shares (C,) of the predicted classes, uncorrected; held-out examples are not looked at."""
    return np.average(_hard(target), axis=0, weights=target_weights)


ESTIMATORS: Mapping[str, SharesEstimator] = {
    "em": maximum_likelihood,
    "bbse": black_box,
    "bbse-soft": soft_black_box,
    "rlls": regularised_learning,
    "count": classify_and_count,
}
"""Every estimator of class shares by its name."""


def _hard(probabilities: np.ndarray) -> np.ndarray:
    """1 for the likeliest class, 0 for the others (n, C)."""
    return np.eye(probabilities.shape[1])[probabilities.argmax(axis=1)]


def _joint(held_out: np.ndarray, labels: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """C[i, j]: what the classifier gives to class i among examples of class j, over all examples."""
    count = np.ones(len(labels)) if weights is None else weights
    truth = np.eye(held_out.shape[1])[labels]
    return np.asarray(held_out.T @ (count[:, None] * truth) / count.sum())


def _shares_of(ratios: np.ndarray, joint: np.ndarray) -> np.ndarray:
    """Shares (C,) of class ratios w: w · prior without negative ones, of sum 1; the prior where nothing is left."""
    prior = joint.sum(axis=0)
    shares = np.maximum(ratios, 0.0) * prior
    return np.asarray(shares / shares.sum() if shares.sum() > 0 else prior / prior.sum())
