"""Ridge regression over feature vectors: the learner that the regression methods adapt, and itself as it is."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from workbench.data.domains import Domain, Problem
from workbench.errors import UsageError
from workbench.methods.feature_method import Adapted, VectorMethod


class RidgeMethod(VectorMethod):
    """Base: the learner is a ridge regression, min Σ w_i (y_i − x_i β − b)² + λ ‖β‖², which takes weights."""

    shared = (*VectorMethod.shared, "penalty")
    several_sources = "pooled into one source"

    class Params(VectorMethod.Params):
        """Settings that every regression method shares with its baseline."""

        penalty: float = Field(
            1.0,
            gt=0,
            le=1e12,
            description="λ, the penalty of the squared coefficients.",
            json_schema_extra={"source": "scikit-learn"},
        )

    def new_learner(self, problem: Problem) -> Any:
        from sklearn.linear_model import Ridge

        return Ridge(self.params.penalty)

    def check_labels(self, source: Domain) -> None:
        labels = np.asarray(source.labels)
        if labels.dtype.kind != "f" or not np.isfinite(labels).all():
            raise UsageError(f"source '{source.name}' has labels that are no numbers; a regression needs one for each")

    def auto_scaling(self, features: Any) -> str:
        """z-scores over both domains together: features of one value must stay comparable across the domains."""
        return "none" if hasattr(features, "tocsr") else "standard"


class SourceOnlyRidge(RidgeMethod):
    """Ridge regression on the features as they are, trained on the labelled source (and shots) alone."""

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        from sklearn.preprocessing import FunctionTransformer

        return Adapted(source, FunctionTransformer(accept_sparse=True).fit(source))
