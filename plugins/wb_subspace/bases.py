"""Principal directions of a domain."""

from __future__ import annotations

from typing import Any

import numpy as np

STRETCH = 512
"""Examples that are centred and multiplied at a time."""

SMALL = 200
"""Scatter matrices up to this size are decomposed in double precision whatever their variances."""

SPREAD = 1e-3
"""Share of the largest variance that the smallest one must have for single precision to do."""


def scatter(features: np.ndarray, dtype: type = np.float64, lower: bool = True) -> np.ndarray:
    """Xᵀ X of centred features (n, d) in one triangle, in Fortran order; shape (d, d).

    A stretch of examples at a time, so that no centred copy of all is made.
    """
    n, d = features.shape
    mean = features.mean(axis=0)
    total: np.ndarray = np.zeros((d, d), dtype=dtype, order="F")
    for start in range(0, n, STRETCH):
        centred = np.subtract(features[start : start + STRETCH], mean, dtype=dtype)
        total = _squared(dtype)(1.0, centred.T, beta=1.0, c=total, lower=lower, overwrite_c=1)
    return total


def _squared(dtype: type) -> Any:
    """BLAS's product of a matrix with its own transpose, which fills one triangle and costs half."""
    from scipy.linalg import blas

    return blas.dsyrk if dtype is np.float64 else blas.ssyrk


def principal_basis(features: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k leading principal directions and their variances: shapes (d, k) and (k,).

    Works on the smaller of the d × d and the n × n scatter: a large one in single precision, which turns the
    directions by about 1e-5, unless their variances differ too much for that. Fewer come back where the data has
    fewer. The sign is fixed: the largest entry of each direction is positive.
    """
    n, d = features.shape
    values, basis = np.zeros(1), np.zeros((0, 0))
    if min(n, d) > SMALL:
        values, basis = _leading(features, k, np.float32)
        basis = _orthonormal(basis.astype(np.float64))
    if values[-1] <= SPREAD * values[0]:
        values, basis = _leading(features, k, np.float64)
    signs = np.where(basis[np.abs(basis).argmax(axis=0), np.arange(basis.shape[1])] < 0, -1.0, 1.0)
    return basis * signs, values / max(n - 1, 1)


def _leading(features: np.ndarray, k: int, dtype: type) -> tuple[np.ndarray, np.ndarray]:
    """The k largest eigenvalues (k,) of the scatter and their directions (d, k), computed in ``dtype``."""
    from scipy.linalg import eigh

    n, d = features.shape
    if d <= n:
        small = scatter(features, dtype, lower=False)
    else:
        centred = np.subtract(features, features.mean(axis=0), dtype=dtype)
        small = _squared(dtype)(1.0, centred.T, trans=1)
    size = len(small)
    last = [size - min(k, size), size - 1]
    values, vectors = eigh(small, lower=False, subset_by_index=last, overwrite_a=True, check_finite=False)
    values, vectors = values[::-1], vectors[:, ::-1]
    kept = values > max(values[0], 1e-300) * 1e-12
    values, vectors = values[kept].astype(np.float64), vectors[:, kept]
    return values, vectors if d <= n else (centred.T @ vectors) / np.sqrt(values).astype(dtype)


def _orthonormal(basis: np.ndarray) -> np.ndarray:
    """Nearly orthonormal columns (d, k) made so to double precision; each keeps its place."""
    from scipy.linalg import cholesky, solve_triangular

    return np.asarray(solve_triangular(cholesky(basis.T @ basis, lower=True), basis.T, lower=True).T)
