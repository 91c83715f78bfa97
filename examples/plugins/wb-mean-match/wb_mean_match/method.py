"""The method: say how features move; wb does the rest."""

import numpy as np
from pydantic import Field

from workbench.methods.feature_method import Adapted, FeatureMethod


class MeanMatch(FeatureMethod):
    """Shift and stretch each source feature to the target's mean and standard deviation."""

    class Params(FeatureMethod.Params):
        strength: float = Field(1.0, ge=0, le=1, description="How far to move: 0 not at all, 1 all the way.")

    def adapt(self, source, labels, target, problem):
        from sklearn.preprocessing import FunctionTransformer

        source, target = np.asarray(source, dtype=float), np.asarray(target, dtype=float)
        spread = np.where(source.std(0) > 0, source.std(0), 1.0)
        matched = (source - source.mean(0)) / spread * target.std(0) + target.mean(0)
        moved = source + self.params.strength * (matched - source)
        return Adapted(moved, FunctionTransformer().fit(target))
