"""Norms of the matrix of predictions, which fall as predictions become unsure or pile up on few classes."""

from __future__ import annotations

import numpy as np


def nuclear_norm(probabilities: np.ndarray) -> float:
    """Sum of the singular values of (n, C) over its greatest, √(n min(n, C)): between 0 and 1.

    Deng, Suh, Gould & Zheng (ICML 2023), Confidence and dispersity speak: characterising prediction matrix for
    unsupervised accuracy estimation, eq. 3.
    """
    values = np.linalg.svd(probabilities, compute_uv=False)
    return float(values.sum() / np.sqrt(len(probabilities) * min(probabilities.shape)))


def mean_power(probabilities: np.ndarray) -> float:
    """(mean of p⁴)^¼ over its greatest, (1 / C)^¼: MaNo (Xie et al., NeurIPS 2024, eq. 5)."""
    return float(np.mean(probabilities**4) ** 0.25 * probabilities.shape[1] ** 0.25)
