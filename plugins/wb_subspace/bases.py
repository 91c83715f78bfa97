"""Principal directions of a domain."""

from __future__ import annotations

import numpy as np

STRETCH = 512
"""Examples that are centred and multiplied at a time."""


def scatter(features: np.ndarray, dtype: type = np.float64) -> np.ndarray:
    """Xᵀ X of centred features (n, d) in its lower triangle, in Fortran order; shape (d, d).

    A stretch of examples at a time, so that no centred copy of all is made.
    """
    from scipy.linalg import blas

    n, d = features.shape
    mean = features.mean(axis=0)
    total = np.zeros((d, d), dtype=dtype, order="F")
    multiply = blas.dsyrk if total.itemsize == 8 else blas.ssyrk
    for start in range(0, n, STRETCH):
        centred = np.subtract(features[start : start + STRETCH], mean, dtype=dtype)
        total = multiply(1.0, centred.T, beta=1.0, c=total, lower=1, overwrite_c=1)
    return total


def principal_basis(features: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k leading principal directions and their variances: shapes (d, k) and (k,).

    Works on the smaller of the d × d and the n × n scatter. Fewer come back where the data has fewer. The sign is
    fixed: the largest entry of each direction is positive.
    """
    from scipy.linalg import eigh

    n, d = features.shape
    centred = features - features.mean(axis=0)
    small = centred.T @ centred if d <= n else centred @ centred.T
    size = len(small)
    k = min(k, size)
    values, vectors = eigh(small, subset_by_index=[size - k, size - 1], overwrite_a=True, check_finite=False)
    values, vectors = values[::-1], vectors[:, ::-1]
    kept = values > max(values[0], 1e-300) * 1e-12
    values, vectors = values[kept], vectors[:, kept]
    basis = vectors if d <= n else (centred.T @ vectors) / np.sqrt(values)
    signs = np.where(basis[np.abs(basis).argmax(axis=0), np.arange(basis.shape[1])] < 0, -1.0, 1.0)
    return basis * signs, values / max(n - 1, 1)
