"""The method: say how features or weights change; wb does the rest."""

import numpy as np
from pydantic import Field

from workbench.methods.feature_method import Adapted, FeatureMethod


class DomainOdds(FeatureMethod):
    """Weighs each source example by the odds that a domain classifier gives it of being a target example.

    Bickel, Brückner & Scheffer (JMLR 2009), Discriminative learning under covariate shift.

    Differs from the paper
    ----------------------
    The domain classifier and the classifier are fitted one after the other, not together.
    """

    class Params(FeatureMethod.Params):
        strength: float = Field(1.0, ge=0, le=1, description="Exponent of the weights: 0 weighs all alike.")

    def adapt(self, source, labels, target, problem):
        from sklearn.linear_model import LogisticRegression
        from sklearn.preprocessing import FunctionTransformer

        side = np.repeat([0, 1], [len(source), len(target)])
        domains = LogisticRegression(max_iter=1000).fit(np.concatenate([source, target]), side)
        weights = np.exp(self.params.strength * np.clip(domains.decision_function(source), -10, 10))
        return Adapted(source, FunctionTransformer().fit(target), weights / weights.mean())
