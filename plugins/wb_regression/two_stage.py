"""Two-stage TrAdaBoost.R2."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from pydantic import Field
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.preprocessing import FunctionTransformer

from wb_regression.boosting import Regressors, TargetBoost, adjusted_errors
from wb_regression.ridge import RidgeMethod
from workbench.data.domains import Problem
from workbench.data.inputs import concatenate
from workbench.errors import UsageError
from workbench.methods.feature_method import Adapted

STRONGEST = 200.0
"""Largest −ln β that is tried; beyond it the source examples have no weight left in double precision."""


class TwoStageBoostR2(RegressorMixin, BaseEstimator):
    """Two-stage TrAdaBoost.R2 as a scikit-learn regressor.

    In each step the source as a whole loses weight, those examples first whose adjusted error is large: from the
    target's share m / (n + m) in equal steps to 1. Within a step AdaBoost.R2 changes the target's weights alone. The
    step of least cross-validated error on the target examples is kept.

    Parameters
    ----------
    steps, rounds, folds : int
        S, N and F of the paper.
    random_state : int
        Of the folds.

    Attributes
    ----------
    model_ : TargetBoost
    step_ : int
        Which step was kept, from 0 on.
    errors_ : ndarray, shape (steps,)
        Cross-validated mean squared error on the target examples.
    """

    def __init__(self, steps: int = 10, rounds: int = 10, folds: int = 5, random_state: int = 0) -> None:
        self.steps = steps
        self.rounds = rounds
        self.folds = folds
        self.random_state = random_state

    def fit(
        self, source: Any, source_labels: np.ndarray, target: Any, target_labels: np.ndarray, new: Regressors
    ) -> Self:
        n, m = len(source_labels), len(target_labels)
        features, labels = concatenate([source, target]), np.concatenate([source_labels, target_labels])
        is_target = np.arange(n + m) >= n
        fold = np.full(n + m, -1)
        fold[n:] = np.random.default_rng(self.random_state).permutation(m) % self.folds
        weights = np.full(n + m, 1 / (n + m))
        models, errors = [], []
        for step in range(self.steps):
            errors.append(self._validated(features, labels, weights, is_target, fold, new))
            models.append(TargetBoost(self.rounds).fit(features, labels, weights, is_target, new))
            member = new().fit(features, labels, sample_weight=weights * len(labels))
            share = m / (n + m) + (step + 1) / (self.steps - 1) * (1 - m / (n + m))
            weights = with_share(weights, adjusted_errors(member, features, labels), is_target, min(share, 1.0))
        self.errors_ = np.array(errors)
        self.step_ = int(self.errors_.argmin())
        self.model_ = models[self.step_]
        return self

    def _validated(
        self,
        features: Any,
        labels: np.ndarray,
        weights: np.ndarray,
        is_target: np.ndarray,
        fold: np.ndarray,
        new: Regressors,
    ) -> float:
        """Mean squared error on the target examples of every fold, of a model that was not given them."""
        squared = []
        for number in np.unique(fold[is_target]):
            kept = fold != number
            left = weights[kept] / weights[kept].sum()
            boost = TargetBoost(self.rounds).fit(features[kept], labels[kept], left, is_target[kept], new)
            squared.append((boost.predict(features[~kept]) - labels[~kept]) ** 2)
        return float(np.concatenate(squared).mean())

    def predict(self, X: Any) -> np.ndarray:
        return np.asarray(self.model_.predict(X))


def with_share(weights: np.ndarray, errors: np.ndarray, is_target: np.ndarray, share: float) -> np.ndarray:
    """Weights (n,) that sum to 1, source ones times β^error, β such that the target's sum to ``share``.

    β is found by bisection on its logarithm. Where it cannot be reached, e.g. since errors are 0, the source's weights
    are scaled.
    """
    source, target = weights[~is_target], weights[is_target]
    left = target.sum() * (1 - share) / share
    low, high = 0.0, STRONGEST
    for _ in range(100):
        strength = (low + high) / 2
        too_much = float((source * np.exp(-strength * errors[~is_target])).sum()) > left
        low, high = (strength, high) if too_much else (low, strength)
    source = source * np.exp(-high * errors[~is_target])
    source *= left / max(source.sum(), 1e-300)
    changed = weights.copy()
    changed[~is_target] = source
    return np.asarray(changed / changed.sum())


class TwoStageTrAdaBoostR2(RidgeMethod):
    """TrAdaBoost.R2 in steps: how much of the source is forgotten is chosen by cross-validation on the target examples.

    Differs from the paper
    ----------------------
    The learner is a ridge regression (the paper: M5P trees and networks). The error of a step is the mean squared
    error; ten steps of ten rounds, five folds, or as many as there are labelled target examples.

    References
    ----------
    Pardoe & Stone (ICML 2010), Boosting for regression transfer, algorithm 3.
    """

    needs_shots = True
    several_sources = "pooled: examples of a source that contradicts the labelled target examples lose their weight"

    class Params(RidgeMethod.Params):
        """Settings."""

        steps: int = Field(10, ge=2, le=1000, description="Steps S, from all of the source to none of it.")
        rounds: int = Field(10, ge=1, le=1000, description="Rounds N of AdaBoost.R2 in each step.")
        folds: int = Field(5, ge=2, le=100, description="Folds F of the labelled target examples.")

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        assert problem.shots is not None
        m = len(problem.shots)
        if m < 2:
            raise UsageError("this method cross-validates on labelled target examples: give --shots 2 or more")
        n = source.shape[0] - m
        settings = self.params
        boost = TwoStageBoostR2(settings.steps, settings.rounds, min(settings.folds, m), problem.seed).fit(
            source[:n], labels[:n], source[n:], labels[n:], lambda: self.new_learner(problem)
        )
        identity = FunctionTransformer(accept_sparse=True).fit(target)
        notes = {"labelled_target_examples": m, "step": boost.step_, "validation_errors": boost.errors_.tolist()}
        return Adapted(source, identity, classifier=boost, notes=notes)
