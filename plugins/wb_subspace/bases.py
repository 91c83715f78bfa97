"""Principal directions of a domain."""

from __future__ import annotations

import numpy as np


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
