"""Pivot predictors: for every pivot a linear classifier that tells from the other features whether it is there.

References
----------
Blitzer, McDonald & Pereira (EMNLP 2006), § 3.2: modified Huber loss. Ando & Zhang (JMLR 2005), § 4: negative
weights set to zero.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

RATE, HORIZON, DECAY, START = 0.05, 20_000.0, 1e-4, -1.0
"""Step size, the tokens after which it has fallen by √2, L2 pull, and the bias before the first step."""


def train_on_tokens(
    ids: np.ndarray,
    n_features: int,
    columns_for: dict[int, np.ndarray],
    labels_for: dict[int, np.ndarray],
    pivots: int,
    epochs: int = 1,
    seed: int = 0,
    threads: int = 1,
) -> dict[int, np.ndarray]:
    """One-vs-rest predictors of the pivot words at each offset, all pivots of an offset in one pass.

    Parameters
    ----------
    ids : ndarray of int32, shape (tokens, templates)
    columns_for : dict of ndarray
        For each offset the template columns that may be looked at: those of the offset itself are masked.
    labels_for : dict of ndarray of int32, shape (tokens,)
        For each offset the pivot that stands there, −1 for none.
    threads : int
        Offsets trained at the same time; the result does not depend on it.

    Returns
    -------
    dict of ndarray of float32, shape (n_features, pivots)
        Weights with the negative ones set to zero, for each offset.
    """
    from wb_scl import predictor_loops

    order = _order(len(ids), epochs, seed)

    def train(offset: int) -> np.ndarray:
        weights = np.zeros((n_features, pivots), dtype=np.float32)
        bias = np.full(pivots, START, dtype=np.float32)
        columns, labels = columns_for[offset], labels_for[offset]
        predictor_loops.train_positions(order, ids, columns, labels, weights, bias, RATE, HORIZON, DECAY)
        return np.maximum(weights, 0.0, out=weights)

    with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
        return dict(zip(labels_for, pool.map(train, labels_for), strict=True))


def train_on_rows(matrix: object, pivot_columns: np.ndarray, pivots: int, epochs: int = 1, seed: int = 0) -> np.ndarray:
    """Predictors of the pivots from the rows of a CSR matrix; a pivot's own column is masked.

    Parameters
    ----------
    matrix : CSR matrix of shape (n, features)
    pivot_columns : ndarray of int64, shape (features,)
        The pivot that a column is, −1 for none.

    Returns
    -------
    ndarray of float32, shape (features, pivots)
    """
    from scipy import sparse

    from wb_scl import predictor_loops

    rows = sparse.csr_matrix(matrix, dtype=np.float32)
    order = _order(rows.shape[0], epochs, seed)
    weights = np.zeros((rows.shape[1], pivots), dtype=np.float32)
    bias = np.full(pivots, START, dtype=np.float32)
    predictor_loops.train_rows(
        order, rows.indptr, rows.indices, rows.data, pivot_columns, weights, bias, RATE, HORIZON, DECAY
    )
    return np.maximum(weights, 0.0, out=weights)


def ridge_on_tokens(
    ids: np.ndarray,
    n_features: int,
    columns_for: dict[int, np.ndarray],
    labels_for: dict[int, np.ndarray],
    pivots: int,
    strength: float = 10.0,
) -> dict[int, np.ndarray]:
    """The closed-form alternative of :func:`train_on_tokens`: diagonal-preconditioned ridge regression.

    Solves (XᵀX + strength·I) W = Xᵀ Y for Y = 0/1, all pivots of an offset at once, by conjugate gradients on the
    sparse matrix.
    """
    from scipy import sparse

    weights_at: dict[int, np.ndarray] = {}
    for offset, columns in columns_for.items():
        seen = ids[:, columns]
        active = seen >= 0
        starts = np.concatenate([[0], np.cumsum(active.sum(axis=1))])
        matrix = sparse.csr_matrix(
            (np.ones(int(starts[-1]), dtype=np.float32), seen[active], starts), shape=(len(ids), n_features)
        )
        labels = labels_for[offset]
        rows = np.flatnonzero(labels >= 0)
        targets = sparse.csr_matrix(
            (np.ones(len(rows), dtype=np.float32), (rows, labels[rows])), shape=(len(ids), pivots)
        )
        right = np.asarray((matrix.T @ targets).todense())
        weights_at[offset] = np.maximum(_solve(matrix, right, strength), 0.0)
    return weights_at


def _order(n: int, epochs: int, seed: int) -> np.ndarray:
    """The order in which ``epochs`` passes look at ``n`` examples."""
    return np.concatenate([np.random.default_rng([seed, epoch]).permutation(n) for epoch in range(epochs)])


def _solve(matrix: object, right: np.ndarray, strength: float, steps: int = 15) -> np.ndarray:
    """Conjugate gradients for (XᵀX + strength·I) W = right, every column at once, with Jacobi's preconditioner."""
    from scipy import sparse

    x = sparse.csr_matrix(matrix)
    inverse = (1.0 / (np.asarray(x.multiply(x).sum(axis=0)).ravel() + strength)).astype(np.float32)[:, None]
    solution = np.zeros_like(right)
    residual = right.copy()
    direction = inverse * residual
    energy = (residual * direction).sum(axis=0)
    for _ in range(steps):
        image = x.T @ (x @ direction) + strength * direction
        step = energy / np.maximum((direction * image).sum(axis=0), 1e-12)
        solution += step * direction
        residual -= step * image
        scaled = inverse * residual
        renewed = (residual * scaled).sum(axis=0)
        direction = scaled + renewed / np.maximum(energy, 1e-12) * direction
        energy = renewed
    return solution
