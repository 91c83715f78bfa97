"""TrAdaBoost.R2."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from pydantic import Field
from sklearn.preprocessing import FunctionTransformer

from wb_regression.boosting import MedianOfMembers, Regressors, adjusted_errors, bounded
from wb_regression.ridge import RidgeMethod
from workbench.data.domains import Problem
from workbench.data.inputs import concatenate
from workbench.methods.feature_method import Adapted


class TransferBoostR2(MedianOfMembers):
    """TrAdaBoost.R2 as a scikit-learn regressor.

    Target examples gain weight by their adjusted error, w β_t^(−e), as in AdaBoost; source examples lose weight by
    theirs, w β^e, as they contradict the target. The later half of the rounds votes with ln(1 / β_t).

    Parameters
    ----------
    rounds : int
        N.

    Attributes
    ----------
    members_ : list of regressors
        Of the later half.
    votes_ : ndarray
    trace_ : list of dict
        Of each round: the weighted adjusted error on target examples, and their share of all weights.
    """

    def __init__(self, rounds: int = 30) -> None:
        self.rounds = rounds

    def fit(
        self, source: Any, source_labels: np.ndarray, target: Any, target_labels: np.ndarray, new: Regressors
    ) -> Self:
        n, m = len(source_labels), len(target_labels)
        features, labels = concatenate([source, target]), np.concatenate([source_labels, target_labels])
        forget = np.log(1 + np.sqrt(2 * np.log(n) / self.rounds))
        weights = np.full(n + m, 1 / (n + m))
        members, votes = [], []
        self.trace_: list[dict[str, float]] = []
        for _ in range(self.rounds):
            member = new().fit(features, labels, sample_weight=weights * len(labels))
            errors = adjusted_errors(member, features, labels)
            share = float(weights[n:].sum())
            error = float(weights[n:] @ errors[n:]) / share
            self.trace_.append({"target_error": error, "target_share": share})
            vote = np.log(1 / bounded(error) - 1)
            members.append(member)
            votes.append(vote)
            weights = weights * np.exp(np.concatenate([-forget * errors[:n], vote * errors[n:]]))
            weights = weights / weights.sum()
        later = self.rounds // 2
        self.members_, self.votes_ = members[later:], np.array(votes[later:])
        return self


class TrAdaBoostR2(RidgeMethod):
    """Boosting in which a few labelled target examples unmask the source examples that contradict them.

    The baseline is trained on the same labelled source and target examples.

    Differs from the paper
    ----------------------
    An adjusted error beyond .499 counts as .499, where AdaBoost.R2 stops: the source goes on being forgotten. The
    learner is a ridge regression (the paper: M5P trees and networks).

    References
    ----------
    Pardoe & Stone (ICML 2010), Boosting for regression transfer, section 4.1.
    """

    needs_shots = True
    several_sources = "pooled: examples of a source that contradicts the labelled target examples lose their weight"

    class Params(RidgeMethod.Params):
        """Settings."""

        rounds: int = Field(30, ge=2, le=1000, description="Rounds N.")

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        assert problem.shots is not None
        n = source.shape[0] - len(problem.shots)
        boost = TransferBoostR2(self.params.rounds).fit(
            source[:n], labels[:n], source[n:], labels[n:], lambda: self.new_learner(problem)
        )
        identity = FunctionTransformer(accept_sparse=True).fit(target)
        notes = {"labelled_target_examples": len(problem.shots), "trace": boost.trace_}
        return Adapted(source, identity, classifier=boost, notes=notes)
