"""Structural correspondence learning for classification, e.g. of reviews."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from wb_scl.pivots import mutual_information
from wb_scl.predictors import train_on_rows
from wb_scl.projection import decompose
from workbench.data.domains import Problem
from workbench.errors import UsageError, WbError
from workbench.methods.feature_method import Adapted, FeatureMethod
from workbench.methods.scaling import Scaling

PAPER = "Blitzer et al. 2007"


class SCLClassification(FeatureMethod):
    """SCL with mutual-information pivots (SCL-MI) over any sparse features.

    Pivots are features that are frequent in both domains and tell the source labels. Linear predictors of the
    pivots from the other features are decomposed; the projection stands beside the original features.

    Differs from the paper
    ----------------------
    Features are the featurizer's (TF-IDF by default), present or absent for the predictors, rather than counts of
    words and pairs; the classifier is the run's. A pivot's own column alone is masked when it is predicted.
    Negative weights of the predictors are set to zero and the others square-rooted before the decomposition. The
    projection is scaled to ``--alpha`` times the length of an average row and stands beside features that keep
    their own scale. No correction of misaligned projections with labelled target examples.

    References
    ----------
    Blitzer, Dredze & Pereira (ACL 2007), Biographies, Bollywood, boom-boxes and blenders.
    """

    class Params(FeatureMethod.Params):
        """Settings of the shared representation and of the classifier."""

        pivots: int = Field(
            300, ge=1, le=100_000, description="Pivot features, at most.", json_schema_extra={"source": PAPER}
        )
        pivot_threshold: int = Field(
            10, ge=0, description="Examples that a pivot exceeds in both domains.", json_schema_extra={"source": PAPER}
        )
        dimensions: int = Field(
            50, ge=1, le=1000, description="Projected features h.", json_schema_extra={"source": PAPER}
        )
        alpha: float = Field(0.1, gt=0, le=100, description="Scale of the projected features.")
        scaling: Scaling = Field("none", description="Of the features; pivots need them present or absent.")
        predictor_epochs: int = Field(3, ge=1, le=50, description="Passes of the predictors over the examples.")

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        from scipy import sparse

        from wb_scl.shared_features import SharedFeatures

        xs, xt = sparse.csr_matrix(source), sparse.csr_matrix(target)
        if xs.nnz and xs.data.min() < 0:
            raise UsageError("SCL needs features that are present or absent (counts, TF-IDF), not signed values")
        chosen = self._pivots(xs, labels, xt, len(problem.classes))
        pivot_columns = np.full(xs.shape[1], -1, dtype=np.int64)
        pivot_columns[chosen] = np.arange(len(chosen))
        present = (sparse.vstack([xs, xt], format="csr") > 0).astype(np.float32)
        weights = train_on_rows(present, pivot_columns, len(chosen), self.params.predictor_epochs, problem.seed)
        table = decompose([np.sqrt(weights)], self.params.dimensions).table
        shared = SharedFeatures(table=table, alpha=self.params.alpha).fit(sparse.vstack([xs, xt], format="csr"))
        notes = {"pivots": len(chosen), "projected_features": table.shape[1]}
        return Adapted(shared.transform(xs), shared, notes=notes)

    def _pivots(self, xs: Any, labels: np.ndarray, xt: Any, classes: int) -> np.ndarray:
        """Columns of the pivots, most informative first; raises :class:`WbError` when the domains share none."""
        occurs = (xs > 0).astype(np.float64)
        in_source = np.asarray(occurs.sum(axis=0)).ravel()
        in_target = np.asarray((xt > 0).sum(axis=0)).ravel()
        candidates = np.flatnonzero(np.minimum(in_source, in_target) > self.params.pivot_threshold)
        if not len(candidates):
            raise WbError(
                f"no pivots: no feature occurs in more than {self.params.pivot_threshold} examples of both domains; "
                "lower --pivot-threshold or give more unlabelled examples"
            )
        information = mutual_information(occurs[:, candidates], labels, classes)
        return candidates[np.argsort(-information, kind="stable")[: self.params.pivots]]
