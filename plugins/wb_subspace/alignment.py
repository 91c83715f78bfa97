"""Subspace alignment and subspace distribution alignment."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field
from sklearn.preprocessing import normalize

from wb_subspace.bases import principal_basis
from wb_subspace.linear import LinearMap
from wb_subspace.wide import narrow
from workbench.data.domains import Problem
from workbench.methods.estimator import DomainTransformer
from workbench.methods.feature_method import Adapted, FeatureMethod


class SubspaceAlignment(DomainTransformer):
    """SA as a scikit-learn estimator; with ``variances`` it is SDA.

    Source examples are projected by S (Sᵀ T), target examples by T, with S and T the leading principal directions.

    Parameters
    ----------
    dimensions : int
        Principal directions k of each domain.
    variances : bool
        Whether the source's variance along each direction is brought to the target's (SDA).
    unit_rows : bool
        Whether rows have length 1 before and after.
    target : matrix, shape (m, d), optional
        The target's examples where ``fit`` is given none.

    Attributes
    ----------
    source_map_, target_map_ : LinearMap
        Into the target's subspace, for source and for target examples.

    References
    ----------
    Fernando, Habrard, Sebban & Tuytelaars (ICCV 2013), Unsupervised visual domain adaptation using subspace
    alignment, eq. 3–5.

    Examples
    --------
    >>> import numpy as np
    >>> from workbench.estimators import SA
    >>> source = np.random.default_rng(0).normal(size=(30, 5))
    >>> aligned = SA(dimensions=2).fit_transform(source, target=source[:20] + 1)
    >>> aligned.shape
    (30, 2)
    """

    def __init__(
        self, dimensions: int = 50, variances: bool = False, unit_rows: bool = True, target: Any = None
    ) -> None:
        self.dimensions = dimensions
        self.variances = variances
        self.unit_rows = unit_rows
        self.target = target

    def _learn(self, source: np.ndarray, labels: np.ndarray | None, target: np.ndarray) -> np.ndarray:
        here, there = (normalize(source), normalize(target)) if self.unit_rows else (source, target)
        own, own_variances = principal_basis(here, self.dimensions)
        basis, variances = principal_basis(there, self.dimensions)
        k = min(own.shape[1], basis.shape[1])
        if not k:
            raise ValueError(f"no principal direction: {here.shape[1]} feature(s) that do not vary in a domain")
        own, basis = own[:, :k], basis[:, :k]
        weights = own @ (own.T @ basis)
        if self.variances:
            weights = weights * np.sqrt(variances[:k] / own_variances[:k])
        self.source_map_ = LinearMap(weights, unit_rows=self.unit_rows, unit_result=self.unit_rows)
        self.target_map_ = LinearMap(basis, unit_rows=self.unit_rows, unit_result=self.unit_rows)
        return self._move_source(source)

    def _move(self, features: np.ndarray) -> np.ndarray:
        return self.target_map_.transform(features)

    def _move_source(self, features: np.ndarray) -> np.ndarray:
        return self.source_map_.transform(features)

    @property
    def _n_features_out(self) -> int:
        return int(self.target_map_.weights.shape[1])


class SubspaceDistributionAlignment(SubspaceAlignment):
    """SDA as a scikit-learn estimator: :class:`SubspaceAlignment` that also matches the variance of each direction.

    References
    ----------
    Sun & Saenko (BMVC 2015), Subspace distribution alignment for unsupervised domain adaptation.
    """

    def __init__(
        self, dimensions: int = 50, variances: bool = True, unit_rows: bool = True, target: Any = None
    ) -> None:
        super().__init__(dimensions, variances, unit_rows, target)


class SA(FeatureMethod):
    """The source's principal directions are turned to the target's.

    Source examples are projected by S (Sᵀ T), target examples by T, with S and T the leading principal directions.

    Differs from the paper
    ----------------------
    Rows have length 1 before and after; the number of directions is set rather than bounded by the paper's
    consistency theorem. Sparse features are brought to 500 singular directions first.

    References
    ----------
    Fernando, Habrard, Sebban & Tuytelaars (ICCV 2013), Unsupervised visual domain adaptation using subspace
    alignment, eq. 3–5.
    """

    class Params(FeatureMethod.Params):
        """Settings."""

        dimensions: int = Field(50, ge=1, le=10_000, description="Principal directions of each domain.")
        unit_rows: bool = Field(True, description="Rows of length 1 before and after.")

    own_classifier = "1nn"
    variances = False

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        wide, source, target = narrow(source, target, problem.seed)
        alignment = SubspaceAlignment(self.params.dimensions, self.variances, self.params.unit_rows)
        aligned = alignment.fit_transform(source, target=target)
        notes = {"dimensions": aligned.shape[1], **wide.notes}
        here, there = (wide.before(side) for side in (alignment.source_map_, alignment.target_map_))
        return Adapted(aligned, there, notes=notes, source_transformer=here)


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
