"""MMD matrices in factored form: M = E Eᵀ, one column of E for each pair of means that is compared.

Column e holds 1/n for the n source examples of a group and −1/m for the m target ones, so that ‖Eᵀ Z‖² is the
squared distance of the group's means in the rows of Z. Nothing of size (n + m)² is ever formed.
"""

from __future__ import annotations

import numpy as np

ROUNDING = 1e-12
"""Share of the examples' mean squared length below which a squared distance of means is rounding."""


def marginal(n_source: int, n_target: int) -> np.ndarray:
    """The one contrast of all source with all target examples, shape (n_source + n_target, 1)."""
    return np.concatenate([np.full(n_source, 1 / n_source), np.full(n_target, -1 / n_target)])[:, None]


def conditional(labels: np.ndarray, pseudo: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """One contrast for each class, shape (n_source + n_target, C).

    A pseudo label outside ``classes`` (e.g. −1) leaves its example out. A class without target examples keeps its
    source half alone, as in the authors' code of JDA.
    """
    return np.vstack([_means(labels, classes), -_means(pseudo, classes)])


def class_shares(labels: np.ndarray, pseudo: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """For each class its share in the target's pseudo labels over its share in the source, shape (C,)."""
    source = np.array([np.mean(labels == c) for c in classes])
    target = np.array([np.mean(pseudo == c) for c in classes])
    return np.divide(target, source, out=np.zeros(len(classes)), where=source > 0)


def normalised(contrasts: np.ndarray) -> np.ndarray:
    """Scaled so that M = E Eᵀ has Frobenius norm 1."""
    return contrasts / np.sqrt(np.linalg.norm(contrasts.T @ contrasts))


def discrepancy(contrasts: np.ndarray, embedded: np.ndarray) -> float:
    """Σ of squared distances of the compared means in ``embedded`` (n + m, k): tr(Zᵀ M Z); 0 but for rounding is 0."""
    energy = float(np.sum((contrasts.T @ embedded) ** 2))
    length = float(np.einsum("ij,ij->", embedded, embedded)) / len(embedded)
    return energy if energy > ROUNDING * length else 0.0


def _means(labels: np.ndarray, classes: np.ndarray) -> np.ndarray:
    member = (labels[:, None] == classes).astype(np.float64)
    return member / np.maximum(member.sum(axis=0), 1.0)
