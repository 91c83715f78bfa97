"""The eigenproblem of transfer components, solved without any (n + m)² matrix where the kernel has a short factor.

With features T of the n + m examples, find the k directions that keep the most variance for the least discrepancy:

    (Tᵀ E Eᵀ T + λ I) b = φ Tᵀ H T b     (smallest φ;  H centres;  M = E Eᵀ)

T = X is the primal form; T = K is the kernel form of Pan et al. (2011), eq. 12, and Long et al. (2013), eq. 8. With
X = U S Vᵀ a linear kernel's K = U S² Uᵀ, so that both are one problem in the r coordinates U: T = U S^p with p = 1
or 2, where TᵀHT is a diagonal minus one outer product and the left side is λ I plus C + 1 of them. The inverse root
of the left side is known in closed form and an ordinary symmetric problem of size r is left.
"""

from __future__ import annotations

from typing import Any

import numpy as np

SMALLEST = 1e-10
"""Singular values below this share of the largest are no directions of the data."""

DENSE_BELOW = 400
"""Problems up to this size are solved whole; larger ones by Lanczos iterations."""


class Spectrum:
    """The examples' features in coordinates where their scatter is diagonal.

    Parameters
    ----------
    features : ndarray or sparse matrix, shape (n, d)
        Source and target examples, source first.
    power : {1, 2}
        1 for the primal problem in the features, 2 for the problem of their linear kernel.
    """

    def __init__(self, features: Any, power: int) -> None:
        self.features, self.power = features, power
        n, d = features.shape
        self.tall = d <= n
        values, vectors = _eigh(_dense(features.T @ features if self.tall else features @ features.T))
        kept = values > values[-1] * SMALLEST**2 if power == 1 else values > values[-1] * SMALLEST
        self.singular, self.vectors = np.sqrt(values[kept]), vectors[:, kept]

    @property
    def rank(self) -> int:
        return len(self.singular)

    def coordinates(self, columns: np.ndarray) -> np.ndarray:
        """Uᵀ of ``columns`` (n, c): shape (r, c)."""
        if self.tall:
            return (self.vectors.T @ (self.features.T @ columns)) / self.singular[:, None]
        return self.vectors.T @ columns

    def directions(self, contrasts: np.ndarray, regularisation: float, k: int) -> np.ndarray:
        """The k best directions as weights of the features, shape (d, k): examples embed as ``features @ weights``."""
        n = self.features.shape[0]
        stretch = self.singular**self.power
        factor = stretch[:, None] * self.coordinates(contrasts)
        centre = stretch * self.coordinates(np.ones((n, 1)))[:, 0] / np.sqrt(n)

        def scatter(x: np.ndarray) -> np.ndarray:
            return (stretch**2 * x.T).T - np.outer(centre, centre @ x).reshape(x.shape)

        found = leading(scatter, self.rank, factor, regularisation, k)
        if self.tall:
            return self.vectors @ (found * (stretch / self.singular)[:, None])
        return np.asarray(self.features.T @ (self.vectors @ (found * (stretch / self.singular**2)[:, None])))


def kernel_directions(kernel: np.ndarray, contrasts: np.ndarray, regularisation: float, k: int) -> np.ndarray:
    """The same for a whole kernel matrix K (n, n): weights of its columns, shape (n, k)."""

    def scatter(x: np.ndarray) -> np.ndarray:
        moved = kernel @ x
        return kernel @ (moved - moved.mean(axis=0))

    return leading(scatter, len(kernel), kernel @ contrasts, regularisation, k)


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
    found = leading(lambda x: whole @ x, len(whole), moved.T @ contrasts, regularisation, k)
    found = found / np.sqrt(
        regularisation * np.sum(found**2, axis=0) + np.sum((contrasts.T @ moved @ found) ** 2, axis=0)
    )
    return triangular.T @ found, scale * np.linalg.norm(orthonormal @ found, axis=1)


def leading(scatter: Any, size: int, factor: np.ndarray, regularisation: float, k: int) -> np.ndarray:
    """The k leading eigenvectors b, of length 1, of scatter · b = θ (λ I + F Fᵀ) b; shape (size, k)."""
    k = min(k, size)
    left, values, _ = np.linalg.svd(factor, full_matrices=False)
    change = 1 / np.sqrt(regularisation + values**2) - 1 / np.sqrt(regularisation)

    def inverse_root(x: np.ndarray) -> np.ndarray:
        return x / np.sqrt(regularisation) + left @ (change * (left.T @ x).T).T

    def whole(x: np.ndarray) -> np.ndarray:
        return inverse_root(scatter(inverse_root(x)))

    found = inverse_root(
        _lanczos(whole, size, k) if size > DENSE_BELOW and 4 * k < size else _dense_leading(whole, size, k)
    )
    found = found / np.linalg.norm(found, axis=0)
    return found * np.where(found[np.abs(found).argmax(axis=0), np.arange(k)] < 0, -1.0, 1.0)


def _lanczos(whole: Any, size: int, k: int) -> np.ndarray:
    from scipy.sparse.linalg import LinearOperator, eigsh

    start = np.random.default_rng(0).normal(size=size)
    operator = LinearOperator((size, size), matvec=lambda x: whole(np.ravel(x)), dtype=np.float64)
    _, vectors = eigsh(operator, k=k, which="LA", v0=start, ncv=min(size, 2 * k + 20))
    return np.asarray(vectors[:, ::-1])


def _dense_leading(whole: Any, size: int, k: int) -> np.ndarray:
    from scipy.linalg import eigh

    matrix = whole(np.eye(size))
    _, vectors = eigh((matrix + matrix.T) / 2, subset_by_index=[size - k, size - 1])
    return np.asarray(vectors[:, ::-1])


def _eigh(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from scipy.linalg import eigh

    values, vectors = eigh(matrix, overwrite_a=True, check_finite=False, driver="evd")
    return np.maximum(values, 0.0), vectors


def _dense(matrix: Any) -> np.ndarray:
    return matrix.toarray() if hasattr(matrix, "toarray") else np.asarray(matrix)
