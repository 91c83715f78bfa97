"""Distances between domains in their principal components: MMD and CORAL."""

from __future__ import annotations

import numpy as np

from wb_diagnosis.components import Components, components
from workbench.data.checks import Measure
from workbench.data.pairs import Pair

ROWS = 500
"""Examples of each domain in the kernel matrix."""

PERMUTATIONS = 199


def distances(pair: Pair) -> tuple[Measure, ...]:
    """The squared MMD with its p and the CORAL distance."""
    points = pair.computed(components)
    generator = np.random.default_rng(pair.seed)
    return (mmd(points, generator), Measure("CORAL distance", coral(points)))


def mmd(points: Components, generator: np.random.Generator) -> Measure:
    """The unbiased squared MMD under a Gaussian kernel as wide as the median distance, with its permutation p.

    References
    ----------
    Gretton et al. (JMLR 2012), A kernel two-sample test, lemma 6 and § 8.
    """
    sides = [side[generator.permutation(len(side))[:ROWS]] for side in (points.source, points.target)]
    both, n = np.concatenate(sides), len(sides[0])
    squares = (both**2).sum(axis=1)
    gaps = np.maximum(squares[:, None] + squares - 2 * both @ both.T, 0)
    width = max(float(np.median(gaps)), 1e-12)
    kernel = np.exp(-gaps / width)
    np.fill_diagonal(kernel, 0)
    marks = np.tile(np.r_[np.ones(n), np.zeros(len(both) - n)], (1 + PERMUTATIONS, 1))
    marks[1:] = generator.permuted(marks[1:], axis=1)
    m = len(both) - n
    inside = ((marks @ kernel) * marks).sum(axis=1)
    across = ((marks @ kernel) * (1 - marks)).sum(axis=1)
    outside = kernel.sum() - inside - 2 * across
    values = inside / (n * (n - 1)) + outside / (m * (m - 1)) - 2 * across / (n * m)
    return Measure("squared MMD", float(values[0]), p=float(np.mean(values >= values[0] - 1e-15)))


def coral(points: Components) -> float:
    """‖C_S − C_T‖ over the mean of both norms, with covariances C: 0 for equal second moments, at most 2.

    Sun, Feng & Saenko (AAAI 2016), eq. 1, made free of the features' scale.
    """
    source, target = np.cov(points.source.T), np.cov(points.target.T)
    size = float(np.linalg.norm(source) + np.linalg.norm(target)) / 2
    return float(np.linalg.norm(source - target)) / max(size, 1e-300)
