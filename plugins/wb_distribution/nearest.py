"""The nearest neighbour by single-precision products, with a second look in double precision at close calls."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from workbench.methods.estimator import FLOATS, refuse_not_classes
from workbench.methods.finite import refuse_not_finite

TILE = 1024
"""Rows and columns of the similarities that are held at a time (4 MB, which stay in the processor's cache)."""

DOUBT = 16 * float(np.finfo(np.float32).eps)
"""Rounding of a similarity, as a share of the lengths it comes from, within which two neighbours are compared anew."""


class NearestNeighbour(ClassifierMixin, BaseEstimator):
    """1-NN, Euclidean: the label of the nearest example, of the first one among equals.

    −‖x − y‖² / 2 and x · y − ‖y‖² / 2 differ by what all y have in common, so that one matrix product finds the nearest
    of all y. Those whose similarity is the largest but for rounding are compared by their exact distances.

    Attributes
    ----------
    classes_ : ndarray
    """

    def fit(self, X: Any, y: Any) -> Self:
        self.examples_, self.labels_ = validate_data(self, X, y, dtype=FLOATS, ensure_all_finite=False)
        refuse_not_finite(self.examples_, "X")
        refuse_not_classes(self.labels_)
        self.classes_ = np.unique(self.labels_)
        self.centre_ = self.examples_.mean(axis=0)
        self.seen_ = self._single(self.examples_)
        half = np.einsum("ij,ij->i", self.seen_[:, :-1], self.seen_[:, :-1]) / 2
        self.seen_[:, -1] = -half
        self.longest_ = float(np.sqrt(2 * half.max(initial=0.0)))
        return self

    def predict(self, X: Any) -> np.ndarray:
        check_is_fitted(self)
        asked = validate_data(self, X, reset=False, dtype=FLOATS, ensure_all_finite=False)
        refuse_not_finite(asked, "X")
        return np.asarray(self.labels_[self.neighbours(asked)])

    def neighbours(self, X: np.ndarray) -> np.ndarray:
        """Index of the nearest example of each row of X (m, d): shape (m,)."""
        asked = self._single(X)
        asked[:, -1] = 1.0
        lengths = np.sqrt(np.einsum("ij,ij->i", asked[:, :-1], asked[:, :-1]))
        doubt = DOUBT * self.longest_ * (lengths + self.longest_)
        nearest = np.empty(len(X), dtype=np.intp)
        for start in range(0, len(X), TILE):
            stop = start + TILE
            nearest[start:stop], best, second = self._two_best(asked[start:stop])
            for row in start + np.flatnonzero(second >= best - doubt[start:stop]):
                rivals = np.flatnonzero(self.seen_ @ asked[row] >= best[row - start] - doubt[row])
                apart = self.examples_[rivals] - X[row]
                nearest[row] = rivals[np.einsum("ij,ij->i", apart, apart).argmin()]
        return nearest

    def _two_best(self, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The most similar example of each row, its similarity, and the next one's: shapes (m,)."""
        every = np.arange(len(asked))
        index = np.zeros(len(asked), dtype=np.intp)
        best, second = (np.full(len(asked), -np.inf, dtype=np.float32) for _ in range(2))
        for start in range(0, len(self.seen_), TILE):
            similar = asked @ self.seen_[start : start + TILE].T
            column = similar.argmax(axis=1)
            largest = similar[every, column]
            similar[every, column] = -np.inf
            second = np.maximum(np.maximum(second, similar.max(axis=1)), np.minimum(best, largest))
            better = largest > best
            index[better] = start + column[better]
            best = np.maximum(best, largest)
        return index, best, second

    def _single(self, X: np.ndarray) -> np.ndarray:
        """Seen from the centre, in single precision, with room for one more column."""
        rows = np.empty((len(X), X.shape[1] + 1), dtype=np.float32)
        np.subtract(X, self.centre_, out=rows[:, :-1], casting="same_kind")
        return rows
