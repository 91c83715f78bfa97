"""The source-only classifier: what every feature method is compared with."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.data.domains import Problem
from workbench.methods.feature_method import Adapted, FeatureMethod


class SourceOnly(FeatureMethod):
    """The features as they are and the same classifier, trained on the labelled source (and shots) alone.

    Features that name no classifier of their own, raw vectors and pixels, get the nearest neighbour of the published
    protocols (Long et al., ICCV 2013).
    """

    own_classifier = "1nn"

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        from sklearn.preprocessing import FunctionTransformer

        return Adapted(source, FunctionTransformer(accept_sparse=True).fit(source))
