"""Intervals and paired tests over clusters of examples.

A figure is a function of sums of per-cluster statistics (accuracy: correct and total; F1: true and false
positives …). Resampling clusters is then one matrix product, for every figure alike.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from workbench.errors import UsageError

RESAMPLES = 2000

PERMUTATIONS = 5000

BLOCK = 250
"""Resamples drawn at a time, so that memory stays at BLOCK × clusters."""

Compute = Callable[[np.ndarray], np.ndarray]
"""Sums of statistics, shape (m, k), to figures, shape (m,)."""


def interval(statistics: np.ndarray, compute: Compute, seed: int = 0, level: float = 0.95) -> tuple[float, float]:
    """Percentile bootstrap interval of a figure, resampling clusters with replacement.

    Parameters
    ----------
    statistics : ndarray, shape (clusters, k)
    compute : callable
    level : float
        Coverage.

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13.
    """
    return _percentiles(compute(_bootstrap_sums(statistics, seed)), level)


def difference_interval(
    first: np.ndarray, second: np.ndarray, compute: Compute, seed: int = 0, level: float = 0.95
) -> tuple[float, float]:
    """Bootstrap interval of ``figure(second) − figure(first)`` over the same resampled clusters."""
    k = first.shape[1]
    sums = _bootstrap_sums(np.hstack([first, second]), seed)
    return _percentiles(compute(sums[:, k:]) - compute(sums[:, :k]), level)


def paired_test(first: np.ndarray, second: np.ndarray, compute: Compute, seed: int = 0) -> float:
    """Two-sided p-value of the approximate randomisation test between two systems.

    Under the null hypothesis the two systems' outputs on a cluster can be swapped. The p-value is
    (1 + #{|difference under a random swap| ≥ |observed difference|}) / (1 + permutations).

    References
    ----------
    Noreen (1989), Computer-Intensive Methods for Testing Hypotheses; Yeh (COLING 2000).
    """
    delta = second - first
    moved = np.any(delta != 0, axis=1)
    total_first, total_second = first.sum(axis=0), second.sum(axis=0)
    observed = float(compute(total_second[None])[0] - compute(total_first[None])[0])
    if not moved.any() or not np.isfinite(observed):
        return 1.0
    delta = delta[moved].astype(np.float64)
    generator = np.random.default_rng(seed)
    extreme = done = 0
    while done < PERMUTATIONS:
        m = min(BLOCK, PERMUTATIONS - done)
        swap = generator.integers(0, 2, size=(m, len(delta))).astype(np.float64) @ delta
        differences = compute(total_second - swap) - compute(total_first + swap)
        extreme += int(np.count_nonzero(np.abs(differences) >= abs(observed) - 1e-12))
        done += m
    return (1 + extreme) / (1 + PERMUTATIONS)


def seeds_test(differences: np.ndarray) -> tuple[float, float, float]:
    """Student's paired t over several seeds: two-sided p and the 95 % interval of the mean difference.

    With no spread at all between the seeds the test has nothing to say: p is NaN and the interval the mean.
    """
    from scipy import stats

    n, mean = len(differences), float(np.mean(differences))
    if n < 2 or np.ptp(differences) == 0:
        return float("nan"), mean, mean
    error = float(np.std(differences, ddof=1)) / np.sqrt(n)
    half = float(stats.t.ppf(0.975, n - 1)) * error
    return float(2 * stats.t.sf(abs(mean / error), n - 1)), mean - half, mean + half


def two_way_test(differences: np.ndarray, examples: float) -> tuple[float, float, float]:
    """Test a mean difference against chance in the trainings and in the examples at once.

    The variance of the mean over K seeds is that of the seeds, s² / K, plus that of the scored examples, which are
    the same for every seed and so are not averaged away. The degrees of freedom are Satterthwaite's, where the
    examples' variance counts as known.

    Parameters
    ----------
    differences : ndarray, shape (K,)
        One for each seed, K ≥ 2, not all equal.
    examples : float
        The standard error of one seed's difference over the examples.

    Returns
    -------
    p, low, high : float
        Two-sided p and the 95 % interval of the mean difference.

    References
    ----------
    Satterthwaite (Biometrics Bulletin 1946), An approximate distribution of estimates of variance components.
    """
    from scipy import stats

    count, mean = len(differences), float(np.mean(differences))
    trainings = float(np.var(differences, ddof=1)) / count
    variance = trainings + examples**2
    freedom = (count - 1) * (variance / trainings) ** 2
    error = np.sqrt(variance)
    half = float(stats.t.ppf(0.975, freedom)) * error
    return float(2 * stats.t.sf(abs(mean / error), freedom)), mean - half, mean + half


def _bootstrap_sums(statistics: np.ndarray, seed: int) -> np.ndarray:
    """Sums of statistics over RESAMPLES bootstrap samples of the clusters, shape (RESAMPLES, k)."""
    n = len(statistics)
    if n == 0:
        raise UsageError("nothing to score: the evaluation split holds no examples")
    values = statistics.astype(np.float64)
    generator = np.random.default_rng(seed)
    sums = np.empty((RESAMPLES, values.shape[1]))
    for start in range(0, RESAMPLES, BLOCK):
        m = min(BLOCK, RESAMPLES - start)
        drawn = generator.integers(0, n, size=(m, n)) + n * np.arange(m)[:, None]
        weights = np.bincount(drawn.ravel(), minlength=m * n).reshape(m, n)
        sums[start : start + m] = weights @ values
    return sums


def _percentiles(figures: np.ndarray, level: float) -> tuple[float, float]:
    kept = figures[np.isfinite(figures)]
    if not len(kept):
        return float("nan"), float("nan")
    low, high = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def effective_sample_size(weights: np.ndarray) -> float:
    """(Σ w)² / Σ w²: n for equal weights, 1 when one example has all (Kish)."""
    return float(weights.sum() ** 2 / np.sum(weights**2))
