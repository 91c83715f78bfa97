"""The linear and the RBF kernel, the latter's Nyström features, and rows of length 1."""

from __future__ import annotations

from typing import Any

import numpy as np


def kernel(left: Any, right: Any, gamma: float | None) -> np.ndarray:
    """exp(−γ ‖x − y‖²), or x · y where γ is None, of rows (n, d) and (m, d): shape (n, m)."""
    if gamma is None:
        products = left @ right.T
        return products.toarray() if hasattr(products, "toarray") else np.asarray(products)
    from sklearn.metrics.pairwise import rbf_kernel

    return np.asarray(rbf_kernel(left, right, gamma=gamma))


def landmarks(features: Any, wanted: int, seed: int) -> Any:
    """``wanted`` different rows drawn at random; the rows themselves where there are no more."""
    n = features.shape[0]
    if wanted >= n:
        return features
    return features[np.sort(np.random.default_rng(seed).choice(n, wanted, replace=False))]


def inverse_root(matrix: np.ndarray) -> np.ndarray:
    """K^(−1/2) of a positive semi-definite matrix on the directions where it is not zero: shape (m, r)."""
    from scipy.linalg import eigh

    values, vectors = eigh(matrix)
    kept = values > values[-1] * 1e-10
    return vectors[:, kept] / np.sqrt(values[kept])


def unit_rows(features: Any, in_place: bool = False) -> Any:
    """``features`` (n, d) with rows of length 1; rows of zeros stay."""
    if hasattr(features, "tocsr"):
        from sklearn.preprocessing import normalize

        return normalize(features)
    features = np.asarray(features)
    lengths = np.sqrt(np.einsum("ij,ij->i", features, features, dtype=np.float64))
    lengths[lengths == 0] = 1.0
    own = in_place and np.issubdtype(features.dtype, np.floating)
    return np.divide(features, lengths[:, None], out=features if own else None)
