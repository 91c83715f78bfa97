"""The eigenproblem of transfer components, solved without any (n + m)² matrix where the kernel has a short factor.

With features T of the n + m examples, find the k directions that keep the most variance for the least discrepancy:

    (Tᵀ E Eᵀ T + λ I) b = φ Tᵀ H T b     (smallest φ;  H centres;  M = E Eᵀ)

T = X is the primal form; T = K = X Xᵀ is the kernel form of Pan et al. (2011), eq. 12, and Long et al. (2013), eq. 8.
With X = O R, O orthonormal and R square, T is O times a square matrix, and the problem has the size of R. Then the
left side is λ I plus C + 1 outer products, whose inverse root is known in closed form: an ordinary symmetric problem
is left, the same from round to round but for a change of low rank.
"""

from __future__ import annotations

from typing import Any

import numpy as np

SMALLEST = 1e-10
"""Singular values below this share of the largest are no directions of the data."""

DENSE_BELOW = 1500
"""Problems up to this size are solved whole; larger ones by Lanczos iterations."""


class Spectrum:
    """The examples' features in coordinates in which the left side is λ I plus a few outer products.

    Parameters
    ----------
    features : ndarray or sparse matrix, shape (n, d)
        Source and target examples, source first.
    power : {1, 2}
        1 for the primal problem in the features, 2 for the problem of their linear kernel.

    Attributes
    ----------
    scatter : ndarray, shape (r, r), or (r,) where it is diagonal
        Of the coordinates, not centred.
    """

    def __init__(self, features: Any, power: int) -> None:
        self.features = features
        n, d = features.shape
        self.tall = d <= n
        side = _dense(features.T @ features if self.tall else features @ features.T)
        self.shown_by: np.ndarray | None = None
        self.weighed_by: np.ndarray | None = None
        if len(side) > DENSE_BELOW or (power == 1 and not self.tall):
            self._diagonal(side, power)
        elif power == 1:
            self.scatter = side
        elif not self.tall:
            self.shown_by, self.scatter = side, side @ side
        else:
            self._triangular(side)

    def _triangular(self, side: np.ndarray) -> None:
        """X = O Lᵀ with Xᵀ X = L Lᵀ: quicker than eigenvectors, where no direction of X is missing."""
        from scipy.linalg import lapack

        factor, failed = lapack.dpotrf(side, lower=1, clean=1)
        pivots = factor.diagonal() ** 2
        if failed or pivots.min() < SMALLEST * pivots.max():
            self._diagonal(side, 2)
            return
        squared = lapack.dlauum(factor, lower=1)[0]
        squared = np.tril(squared) + np.tril(squared, -1).T
        self.shown_by = self.weighed_by = factor
        self.scatter = squared @ squared.T

    def _diagonal(self, side: np.ndarray, power: int) -> None:
        """X = U S Vᵀ: the scatter is diagonal, and directions of no length are left out."""
        from scipy.linalg import eigh

        values, vectors = eigh(side, overwrite_a=True, check_finite=False, driver="evd")
        kept = values > values[-1] * SMALLEST ** (3 - power)
        singular, vectors = np.sqrt(values[kept]), vectors[:, kept]
        self.scatter = singular ** (2 * power)
        self.shown_by = vectors * singular ** (power - 1 if self.tall else power)
        self.weighed_by = vectors * singular ** (power - 1.0 if self.tall else power - 2.0)

    def coordinates(self, columns: np.ndarray) -> np.ndarray:
        """Tᵀ of ``columns`` (n, c) in these coordinates: shape (r, c)."""
        shown = self.features.T @ columns if self.tall else columns
        return np.asarray(shown if self.shown_by is None else self.shown_by.T @ shown)

    def directions(self, contrasts: np.ndarray, regularisation: float, k: int) -> np.ndarray:
        """The k best directions as weights of the features, shape (d, k): examples embed as ``features @ weights``."""
        n = self.features.shape[0]
        shown = self.coordinates(np.column_stack([contrasts, np.full(n, 1 / np.sqrt(n))]))
        leaders = leading(centred(self.scatter, shown[:, -1]), shown[:, :-1], regularisation, k)
        weights = leaders if self.weighed_by is None else self.weighed_by @ leaders
        return np.asarray(weights if self.tall else self.features.T @ weights)


def centred(scatter: np.ndarray, centre: np.ndarray) -> Any:
    """``scatter`` − ``centre`` ``centre``ᵀ: a matrix, or what multiplies by it where it is diagonal and large."""
    if scatter.ndim == 2:
        return scatter - np.outer(centre, centre)
    if len(scatter) <= DENSE_BELOW:
        return np.diag(scatter) - np.outer(centre, centre)
    return lambda x: scatter * x - centre * (centre @ x)


def kernel_directions(kernel: np.ndarray, contrasts: np.ndarray, regularisation: float, k: int) -> np.ndarray:
    """The same for a whole kernel matrix K (n, n): weights of its columns, shape (n, k)."""

    def scatter(x: np.ndarray) -> np.ndarray:
        moved = kernel @ x
        return np.asarray(kernel @ (moved - moved.mean()))

    if len(kernel) > DENSE_BELOW:
        return leading(scatter, kernel @ contrasts, regularisation, k)
    around = kernel - kernel.mean(axis=0)
    return leading(around.T @ around, kernel @ contrasts, regularisation, k)


def penalised_directions(
    factor: np.ndarray, contrasts: np.ndarray, regularisation: float, k: int, penalties: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """With each example's weights regularised by its own penalty g_i (λ G in place of λ I), for K = Z Zᵀ.

    With Z (n, r) and G^(−1/2) Z = Q R the weights lie in the span of G^(−1/2) Q, so that the problem has size r.

    Returns
    -------
    weights : ndarray, shape (r, k)
        Examples embed as ``factor @ weights``.
    lengths : ndarray, shape (n,)
        Length of each example's row of kernel weights.
    """
    scale = 1 / np.sqrt(penalties)
    orthonormal, triangular = np.linalg.qr(scale[:, None] * factor)
    moved = factor @ triangular.T
    centred = moved - moved.mean(axis=0)
    whole = centred.T @ centred
    vectors = leading(whole, moved.T @ contrasts, regularisation, k)
    vectors = vectors / np.sqrt(
        regularisation * np.sum(vectors**2, axis=0) + np.sum((contrasts.T @ moved @ vectors) ** 2, axis=0)
    )
    return triangular.T @ vectors, scale * np.linalg.norm(orthonormal @ vectors, axis=1)


def leading(scatter: Any, factor: np.ndarray, regularisation: float, k: int) -> np.ndarray:
    """The k leading eigenvectors b, of length 1, of scatter · b = θ (λ I + F Fᵀ) b; shape (size, k).

    ``scatter`` is a symmetric matrix, or a function that multiplies a vector by it. The inverse root of the right
    side is (I + Q c Qᵀ) / √λ with Q the left singular vectors of F and c a diagonal.
    """
    k = min(k, len(factor))
    left, values, _ = np.linalg.svd(factor, full_matrices=False)
    change = np.sqrt(regularisation / (regularisation + values**2)) - 1

    def inverse_root(x: np.ndarray) -> np.ndarray:
        return np.asarray(x + left @ (change * (left.T @ x).T).T)

    if callable(scatter):
        vectors = _lanczos(lambda x: inverse_root(scatter(inverse_root(x))), len(factor), k)
    else:
        vectors = _whole(scatter, left, change, k)
    vectors = inverse_root(vectors)
    vectors = vectors / np.linalg.norm(vectors, axis=0)
    return np.asarray(vectors * np.where(vectors[np.abs(vectors).argmax(axis=0), np.arange(k)] < 0, -1.0, 1.0))


def _lanczos(whole: Any, size: int, k: int) -> np.ndarray:
    from scipy.sparse.linalg import LinearOperator, eigsh

    if 4 * k >= size:
        return _whole(np.column_stack([whole(column) for column in np.eye(size)]), np.zeros((size, 0)), np.zeros(0), k)
    start = np.random.default_rng(0).normal(size=size)
    operator = LinearOperator((size, size), matvec=lambda x: whole(np.ravel(x)), dtype=np.float64)
    _, vectors = eigsh(operator, k=k, which="LA", v0=start, ncv=min(size, 2 * k + 20))
    return np.asarray(vectors[:, ::-1])


def _whole(scatter: np.ndarray, left: np.ndarray, change: np.ndarray, k: int) -> np.ndarray:
    """The k leading eigenvectors of (I + Q c Qᵀ) scatter (I + Q c Qᵀ), a change of low rank."""
    from scipy.linalg import eigh

    size = len(scatter)
    beside = scatter @ left * change
    half = beside + left * change @ (left.T @ beside) / 2
    added = half @ left.T
    return np.asarray(
        eigh(scatter + added + added.T, subset_by_index=[size - k, size - 1], check_finite=False)[1][:, ::-1]
    )


def _dense(matrix: Any) -> np.ndarray:
    return matrix.toarray() if hasattr(matrix, "toarray") else np.asarray(matrix)
