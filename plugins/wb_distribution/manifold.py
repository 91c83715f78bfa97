"""A neighbour graph's normalised Laplacian, as a sparse matrix."""

from __future__ import annotations

from typing import Any

import numpy as np


def laplacian(features: np.ndarray, neighbours: int) -> Any:
    """I − D^(−1/2) W D^(−1/2) with W the cosine of an example and its p nearest; rows of ``features`` have length 1.

    Two examples are joined when either is among the other's nearest. Returns a sparse (n, n) matrix.
    """
    from scipy import sparse
    from sklearn.neighbors import NearestNeighbors

    n = len(features)
    p = min(neighbours, n - 1)
    distances, nearest = NearestNeighbors(n_neighbors=p, algorithm="brute").fit(features).kneighbors()
    squares = np.einsum("ij,ij->i", features, features)
    cosines = (squares[:, None] + squares[nearest] - distances**2) / 2
    rows = np.repeat(np.arange(n), p)
    graph = sparse.csr_matrix((np.maximum(cosines, 0.0).ravel(), (rows, nearest.ravel())), shape=(n, n))
    graph = graph.maximum(graph.T)
    degree = np.asarray(graph.sum(axis=1)).ravel()
    scale = sparse.diags(1 / np.sqrt(np.maximum(degree, 1e-12)))
    return sparse.identity(n, format="csr") - scale @ graph @ scale
