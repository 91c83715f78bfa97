"""Both domains in a few principal components: for kernels, neighbours and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from wb_diagnosis.features import features
from workbench.data.pairs import Pair

DIMENSIONS = 32

FURTHER = 8
"""Directions drawn beyond those that are kept."""


@dataclass(frozen=True, eq=False)
class Components:
    """Principal components of both domains together, shapes (n, k) and (m, k), the first ones widest."""

    source: np.ndarray
    target: np.ndarray


def components(pair: Pair) -> Components:
    """The first :data:`DIMENSIONS` components of the light features."""
    light = pair.computed(features)
    points = principal(light.both, DIMENSIONS, np.random.default_rng(pair.seed))
    n = light.source.shape[0]
    return Components(points[:n], points[n:])


def principal(matrix: Any, dimensions: int, generator: np.random.Generator, rounds: int = 2) -> np.ndarray:
    """Principal components (n, k) of the rows of a dense or sparse matrix, k ≤ ``dimensions``.

    Randomised: Halko, Martinsson & Tropp (SIAM Review 2011), algorithms 4.4 and 5.1, with the mean taken off.
    """
    mean = np.asarray(matrix.mean(axis=0)).ravel()
    transposed = matrix.T.tocsr() if hasattr(matrix, "tocsr") else matrix.T
    k = min(dimensions, *matrix.shape)
    basis = generator.normal(size=(matrix.shape[1], min(k + FURTHER, *matrix.shape)))
    # An orthonormal basis over the few rows is enough between rounds; that over the many columns is costly.
    for _ in range(1 + rounds):
        image = np.linalg.qr(np.asarray(matrix @ basis) - mean @ basis)[0]
        basis = np.asarray(transposed @ image) - np.outer(mean, image.sum(axis=0))
    basis = np.linalg.qr(basis)[0]
    points = np.asarray(matrix @ basis) - mean @ basis
    left, widths, _ = np.linalg.svd(points, full_matrices=False)
    return np.asarray(left[:, :k] * widths[:k])
