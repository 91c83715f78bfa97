"""Weights from a classifier of domains."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from wb_instance.reweighting import ReweightingMethod
from wb_instance.weights import ImportanceWeights
from workbench.data.domains import Problem
from workbench.data.inputs import concatenate


class DiscriminativeWeights(ImportanceWeights):
    """w(x) = P(target | x) / P(source | x) · n / m by logistic regression; each example's by a fit without it.

    Parameters
    ----------
    cost : float
        C of the logistic regression.
    folds : int
        Of the cross-fitting.
    random_state : int
    classifier, target
        As of :class:`ImportanceWeights`.

    References
    ----------
    Bickel, Brückner & Scheffer (ICML 2007), Discriminative learning for differing training and test distributions.
    """

    def __init__(
        self, cost: float = 1.0, folds: int = 5, random_state: int = 0, classifier: Any = None, target: Any = None
    ) -> None:
        super().__init__(classifier, target)
        self.cost = cost
        self.folds = folds
        self.random_state = random_state

    def _weigh(self, source: Any, target: Any) -> np.ndarray:
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import StratifiedKFold, cross_val_predict

        n, m = source.shape[0], target.shape[0]
        side = np.repeat([0, 1], [n, m])
        folds = StratifiedKFold(min(self.folds, n, m), shuffle=True, random_state=self.random_state)
        model = LogisticRegression(C=self.cost, max_iter=1000)
        scores = cross_val_predict(model, concatenate([source, target]), side, cv=folds, method="decision_function")
        return np.asarray(np.exp(np.clip(scores[:n], -30, 30)) * n / m)


class DomainClassifier(ReweightingMethod):
    """Source examples are weighed by the odds that a logistic regression gives them of being target examples.

    Differs from the paper
    ----------------------
    In two stages: the odds first, then the classifier, where the paper's integrated model learns both at once. The
    odds of an example come from a fit without it (cross-fitting), so that they are not sure of what was learnt
    by heart.

    References
    ----------
    Bickel, Brückner & Scheffer (ICML 2007), Discriminative learning for differing training and test distributions.
    """

    class Params(ReweightingMethod.Params):
        """Settings."""

        cost: float = Field(1.0, gt=0, le=1e9, description="C of the domain classifier.")
        folds: int = Field(5, ge=2, le=100, description="Folds of the cross-fitting.")

    def weigh(self, source: Any, target: Any, problem: Problem) -> tuple[np.ndarray, dict[str, Any]]:
        estimator = DiscriminativeWeights(self.params.cost, self.params.folds, problem.seed)
        return estimator.fit(source, target=target).weights_, {}
