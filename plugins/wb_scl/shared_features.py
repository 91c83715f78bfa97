"""The projection of SCL as a scikit-learn transformer."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin


class SharedFeatures(TransformerMixin, BaseEstimator):
    """Original features and, beside them, their projection on a shared table.

    Parameters
    ----------
    table : ndarray, shape (features, h)
    alpha : float
        Length of the projected part of an average row, relative to the original part.

    Attributes
    ----------
    scale_ : float
    """

    def __init__(self, table: Any = None, alpha: float = 1.0) -> None:
        self.table = table
        self.alpha = alpha

    def fit(self, X: Any, y: Any = None) -> Self:
        lengths = [np.sqrt(np.mean(part)) for part in (_square(X), (np.asarray(X @ self.table) ** 2).sum(axis=1))]
        self.scale_ = float(self.alpha * lengths[0] / lengths[1]) if lengths[1] > 0 else 0.0
        return self

    def transform(self, X: Any) -> Any:
        from scipy import sparse

        return sparse.hstack([sparse.csr_matrix(X), np.asarray(X @ self.table) * self.scale_], format="csr")


def _square(X: Any) -> np.ndarray:
    """Squared length of every row."""
    return np.asarray(X.multiply(X).sum(axis=1)).ravel() if hasattr(X, "multiply") else (X**2).sum(axis=1)
