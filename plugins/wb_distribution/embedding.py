"""How new examples come into the adapted space: the transformer of every method of this plugin."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from wb_distribution.kernels import kernel, unit_rows


class Embedding(TransformerMixin, BaseEstimator):
    """Rows of length 1, a kernel with anchors where there are any, weights, rows of length 1 again.

    Parameters
    ----------
    weights : ndarray, shape (d, k) or (anchors, k)
    anchors : matrix, shape (anchors, d), optional
        Examples with which the kernel is taken.
    gamma : float, optional
        Width of the RBF kernel; None for the linear one.
    unit_rows : bool
        Whether rows have length 1 before and after.
    """

    def __init__(
        self, weights: Any = None, anchors: Any = None, gamma: float | None = None, unit_rows: bool = True
    ) -> None:
        self.weights = weights
        self.anchors = anchors
        self.gamma = gamma
        self.unit_rows = unit_rows

    def fit(self, X: Any, y: Any = None) -> Self:
        return self

    def transform(self, X: Any) -> np.ndarray:
        features = X
        if self.anchors is not None:
            features = kernel(unit_rows(X) if self.unit_rows else X, self.anchors, self.gamma)
        # Without a kernel the lengths of the rows before do not matter to those after.
        embedded = np.asarray(features @ self.weights)
        return np.asarray(unit_rows(embedded, in_place=True)) if self.unit_rows else embedded

    def __sklearn_is_fitted__(self) -> bool:
        return self.weights is not None
