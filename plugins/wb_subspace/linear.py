"""The transformer of every method of this plugin: a linear map, of rows of length 1 where asked for."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import normalize


class LinearMap(TransformerMixin, BaseEstimator):
    """``x @ weights``.

    Parameters
    ----------
    weights : ndarray, shape (d, k)
    unit_rows, unit_result : bool
        Whether rows have length 1 before, and after.
    """

    def __init__(self, weights: Any = None, unit_rows: bool = False, unit_result: bool = False) -> None:
        self.weights = weights
        self.unit_rows = unit_rows
        self.unit_result = unit_result

    def fit(self, X: Any, y: Any = None) -> Self:
        return self

    def transform(self, X: Any) -> np.ndarray:
        mapped = np.asarray((normalize(X) if self.unit_rows else X) @ self.weights)
        return normalize(mapped) if self.unit_result else mapped

    def __sklearn_is_fitted__(self) -> bool:
        return self.weights is not None
