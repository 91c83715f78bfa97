"""The geodesic flow kernel as a feature map."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from wb_subspace.bases import principal_basis
from wb_subspace.linear import LinearMap
from wb_subspace.wide import narrow
from workbench.data.domains import Problem
from workbench.methods.estimator import DomainTransformer
from workbench.methods.feature_method import Adapted, FeatureMethod

SMALLEST_ANGLE = 1e-9


class GeodesicFlow(DomainTransformer):
    """GFK as a scikit-learn estimator; both domains move by one map.

    The kernel xᵀ G z integrates over all subspaces on the geodesic from the source's to the target's. G has rank 2k,
    so it is the inner product after the linear map ``[P U₁, R] B`` into 2k dimensions and no d × d matrix is formed.

    Parameters
    ----------
    dimensions : int, optional
        Principal directions k of each domain; chosen by :func:`agreeing_dimensions` if None.
    target : matrix, shape (m, d), optional
        The target's examples where ``fit`` is given none.

    Attributes
    ----------
    map_ : LinearMap
    dimensions_ : int

    References
    ----------
    Gong, Shi, Sha & Grauman (CVPR 2012), Geodesic flow kernel for unsupervised domain adaptation, eq. 4–6 and 8–9.
    """

    def __init__(self, dimensions: int | None = 20, target: Any = None) -> None:
        self.dimensions = dimensions
        self.target = target

    def _learn(self, source: np.ndarray, labels: np.ndarray | None, target: np.ndarray) -> np.ndarray:
        chosen = self.dimensions or agreeing_dimensions(source, target)
        start, end = principal_basis(source, chosen)[0], principal_basis(target, chosen)[0]
        k = self.dimensions_ = min(start.shape[1], end.shape[1])
        self.map_ = LinearMap(flow_factor(start[:, :k], end[:, :k]))
        return self._move(source)

    def _move(self, features: np.ndarray) -> np.ndarray:
        return self.map_.transform(features)

    @property
    def _n_features_out(self) -> int:
        return int(self.map_.weights.shape[1])


def flow_factor(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """F with G = F Fᵀ for orthonormal bases of two k-dimensional subspaces of ℝᵈ; shape (d, 2k). Eq. 5 and 6."""
    left, cosines, right = np.linalg.svd(start.T @ end)
    angles = np.arccos(np.clip(cosines, -1.0, 1.0))
    moving = angles > SMALLEST_ANGLE
    safe = np.where(moving, angles, 1.0)
    aligned = start @ left
    # The direction in which each principal vector of the start turns towards the end.
    turned = (end @ right.T - aligned * cosines) / np.where(moving, np.sin(safe), 1.0)
    cosine_part = np.where(moving, np.sin(2 * safe) / (2 * safe), 1.0)
    sine_part = np.where(moving, (1 - np.cos(2 * safe)) / (2 * safe), 0.0)
    middle = np.block([[np.diag(1 + cosine_part), np.diag(sine_part)], [np.diag(sine_part), np.diag(1 - cosine_part)]])
    values, vectors = np.linalg.eigh(middle / 2)
    return np.asarray(np.hstack([aligned, turned]) @ (vectors * np.sqrt(np.maximum(values, 0.0))))


def agreeing_dimensions(source: np.ndarray, target: np.ndarray) -> int:
    """The subspace disagreement measure: the fewest k at which the domains' subspaces reach their largest
    disagreement with the subspace of both together (eq. 8 and 9).

    D(k) = (sin α_k + sin β_k) / 2 with α_k, β_k the k-th principal angles between source and both, target and both.
    """
    most = min(source.shape[1] // 2, len(source) - 1, len(target) - 1)
    both = principal_basis(np.vstack([source, target]), most)[0]
    own = [principal_basis(domain, most)[0] for domain in (source, target)]
    most = min(both.shape[1], *(basis.shape[1] for basis in own))
    for k in range(1, most + 1):
        smallest = [np.linalg.svd(basis[:, :k].T @ both[:, :k], compute_uv=False)[-1] for basis in own]
        if np.mean(np.sqrt(np.maximum(0.0, 1 - np.square(smallest)))) >= 1 - 1e-3:
            return k
    return max(most, 1)


class GFK(FeatureMethod):
    """Every subspace on the way from the source's to the target's, at once.

    Differs from the paper
    ----------------------
    Both subspaces are principal directions (the paper also tries partial least squares for the source); the kernel
    is applied as its exact 2k-dimensional feature map. Sparse features are brought to 500 singular directions first.

    References
    ----------
    Gong, Shi, Sha & Grauman (CVPR 2012), Geodesic flow kernel for unsupervised domain adaptation, eq. 4–6 and 8–9.
    """

    class Params(FeatureMethod.Params):
        """Settings."""

        dimensions: int = Field(
            20, ge=0, le=10_000, description="Principal directions of each domain; 0: by the disagreement measure."
        )

    own_classifier = "1nn"

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        wide, source, target = narrow(source, target, problem.seed)
        flow = GeodesicFlow(self.params.dimensions or None)
        mapped = flow.fit_transform(source, target=target)
        notes = {"dimensions": flow.dimensions_, **wide.notes}
        return Adapted(mapped, wide.before(flow.map_), notes=notes)
