"""Linear models by ridge regression, many at once and cross-validated, by conjugate gradients on any matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

ROUNDS = 25
"""Steps of conjugate gradients; stopping early regularises, too."""

RIDGE = 1.0
"""Weight of the squared coefficients where rows are of about unit length."""


def ridge(features: Any, targets: np.ndarray) -> np.ndarray:
    """Coefficients (d, k) that minimise ‖X W − (Y − mean)‖² + ‖W‖² for k columns of targets at once.

    Parameters
    ----------
    features : matrix, shape (n, d), dense or sparse, rows of about unit length
    targets : ndarray, shape (n, k)

    References
    ----------
    Hestenes & Stiefel (1952), Methods of conjugate gradients for solving linear systems.
    """
    transposed = features.T.tocsr() if hasattr(features, "tocsr") else features.T
    residual = np.asarray(transposed @ (targets - targets.mean(axis=0)))
    solution, direction = np.zeros_like(residual), residual.copy()
    size = (residual**2).sum(axis=0)
    first = np.maximum(size, 1e-300)
    for _ in range(ROUNDS):
        image = np.asarray(transposed @ (features @ direction)) + RIDGE * direction
        step = size / np.maximum((direction * image).sum(axis=0), 1e-300)
        solution += step * direction
        residual -= step * image
        before, size = size, (residual**2).sum(axis=0)
        if np.all(size < 1e-6 * first):
            break
        direction = residual + size / np.maximum(before, 1e-300) * direction
    return solution


def cross_validated(features: Any, targets: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """Scores (n, k) of every row by models that did not see its fold."""
    scores = np.zeros(targets.shape)
    for fold in np.unique(folds):
        out = folds == fold
        scores[out] = np.asarray(features[out] @ ridge(features[~out], targets[~out])) + targets[~out].mean(axis=0)
    return scores


def folds_of(groups: np.ndarray, many: int, generator: np.random.Generator) -> np.ndarray:
    """A fold for each example (n,), so that every group is spread over all of them."""
    order = generator.permutation(len(groups))
    order = order[np.argsort(groups[order], kind="stable")]
    folds = np.empty(len(groups), dtype=np.intp)
    folds[order] = np.arange(len(groups)) % many
    return folds
