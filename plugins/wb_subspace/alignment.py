"""Subspace alignment and subspace distribution alignment."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from pydantic import Field
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import normalize

from wb_subspace.bases import principal_basis
from wb_subspace.linear import LinearMap
from wb_subspace.wide import narrow
from workbench.data.domains import Problem
from workbench.methods.feature_method import Adapted, FeatureMethod


class SubspaceAlignment(TransformerMixin, BaseEstimator):
    """SA and, with ``variances``, SDA as a scikit-learn estimator: ``fit(source, target)``, then ``transform``.

    Parameters
    ----------
    dimensions : int
        Principal directions k of each domain.
    variances : bool
        Whether the source's variance along each direction is brought to the target's (SDA).
    unit_rows : bool
        Whether rows have length 1 before and after.

    Attributes
    ----------
    source_map_, target_map_ : LinearMap
        Into the target's subspace, for source and for target examples.
    """

    def __init__(self, dimensions: int = 50, variances: bool = False, unit_rows: bool = True) -> None:
        self.dimensions = dimensions
        self.variances = variances
        self.unit_rows = unit_rows

    def fit(self, source: np.ndarray, target: np.ndarray) -> Self:
        if self.unit_rows:
            source, target = normalize(source), normalize(target)
        own, own_variances = principal_basis(source, self.dimensions)
        basis, variances = principal_basis(target, self.dimensions)
        k = min(own.shape[1], basis.shape[1])
        own, basis = own[:, :k], basis[:, :k]
        weights = own @ (own.T @ basis)
        if self.variances:
            weights = weights * np.sqrt(variances[:k] / own_variances[:k])
        self.source_map_ = LinearMap(weights, unit_rows=self.unit_rows, unit_result=self.unit_rows)
        self.target_map_ = LinearMap(basis, unit_rows=self.unit_rows, unit_result=self.unit_rows)
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Target examples (n, d) in the target's subspace, (n, k)."""
        return np.asarray(self.target_map_.transform(X))


class SA(FeatureMethod):
    """The source's principal directions are turned to the target's.

    Source examples are projected by S (Sᵀ T), target examples by T, with S and T the leading principal directions.

    Differs from the paper
    ----------------------
    Rows have length 1 before and after; the number of directions is set rather than bounded by the paper's
    consistency theorem.

    References
    ----------
    Fernando, Habrard, Sebban & Tuytelaars (ICCV 2013), Unsupervised visual domain adaptation using subspace
    alignment, eq. 3–5.
    """

    class Params(FeatureMethod.Params):
        """Settings."""

        classifier: str = Field("1nn", description="Classifier of the aligned source.")
        dimensions: int = Field(50, ge=1, le=10_000, description="Principal directions of each domain.")
        unit_rows: bool = Field(True, description="Rows of length 1 before and after.")

    variances = False

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        wide, source, target = narrow(source, target, problem.seed)
        alignment = SubspaceAlignment(self.params.dimensions, self.variances, self.params.unit_rows)
        alignment.fit(source, target)
        notes = {"dimensions": alignment.target_map_.weights.shape[1], **wide.notes}
        return Adapted(alignment.source_map_.transform(source), wide.before(alignment.target_map_), notes=notes)


class SDA(SA):
    """Subspace alignment that also matches the variance along each direction.

    Differs from the paper
    ----------------------
    As SA does.

    References
    ----------
    Sun & Saenko (BMVC 2015), Subspace distribution alignment for unsupervised domain adaptation.
    """

    variances = True
