"""Nearest-neighbour weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from wb_instance.reweighting import ReweightingMethod
from wb_instance.weights import ImportanceWeights
from workbench.data.domains import Problem


class NearestNeighbourWeights(ImportanceWeights):
    """One more than the number of target examples in a source example's Voronoi cell; mean 1.

    References
    ----------
    Loog (MLSP 2012), Nearest neighbor-based importance weighting.
    """

    def _weigh(self, source: Any, target: Any) -> np.ndarray:
        from sklearn.neighbors import NearestNeighbors

        nearest = NearestNeighbors(n_neighbors=1).fit(source).kneighbors(target, return_distance=False)[:, 0]
        counts = np.bincount(nearest, minlength=source.shape[0]) + 1.0
        return np.asarray(counts / counts.mean())


class NearestWeights(ReweightingMethod):
    """A source example counts as many times as it is the nearest to a target example, and once more.

    Differs from the paper
    ----------------------
    Nothing; the weights are brought to a mean of 1.

    References
    ----------
    Loog (MLSP 2012), Nearest neighbor-based importance weighting.
    """

    def weigh(self, source: Any, target: Any, problem: Problem) -> tuple[np.ndarray, dict[str, Any]]:
        return NearestNeighbourWeights().fit(source, target=target).weights_, {}
