"""TrAdaBoost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from pydantic import Field
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.preprocessing import FunctionTransformer

from wb_instance.reweighting import check_takes_weights
from workbench.domains import Problem, concatenate
from workbench.features import Adapted, FeatureMethod

SMALLEST_ERROR = 1e-3
"""A round without any error on the target examples would have a vote without bound."""


class TransferBoost(ClassifierMixin, BaseEstimator):
    """TrAdaBoost as a scikit-learn classifier.

    In every round the examples that the round's classifier misses change weight: target examples gain, as in
    AdaBoost; source examples lose, as they contradict the target. The later half of the rounds votes.

    Parameters
    ----------
    rounds : int

    Attributes
    ----------
    classes_ : ndarray
    members_ : list of classifiers
        Of the later half.
    votes_ : ndarray
    """

    def __init__(self, rounds: int = 10) -> None:
        self.rounds = rounds

    def fit(
        self,
        source: np.ndarray,
        source_labels: np.ndarray,
        target: np.ndarray,
        target_labels: np.ndarray,
        classifier: Callable[[], Any],
    ) -> Self:
        n, m = len(source_labels), len(target_labels)
        features = concatenate([source, target])
        labels = np.concatenate([source_labels, target_labels])
        self.classes_ = np.unique(labels)
        chance = 1 - 1 / len(self.classes_)
        forget = 1 / (1 + np.sqrt(2 * np.log(n) / self.rounds))
        weights = np.concatenate([np.full(n, 1 / n), np.full(m, 1 / m)])
        members, votes = [], []
        for _ in range(self.rounds):
            weights = weights / weights.sum()
            member = classifier().fit(features, labels, sample_weight=weights * len(labels))
            wrong = member.predict(features) != labels
            error = float(weights[n:] @ wrong[n:] / weights[n:].sum())
            error = min(max(error, SMALLEST_ERROR), chance - SMALLEST_ERROR)
            vote = np.log((1 - error) / error) + np.log(len(self.classes_) - 1)
            members.append(member)
            votes.append(vote)
            weights[:n] *= np.where(wrong[:n], forget, 1.0)
            weights[n:] *= np.where(wrong[n:], np.exp(vote), 1.0)
        later = self.rounds // 2
        self.members_, self.votes_ = members[later:], np.array(votes[later:])
        return self

    def predict(self, X: Any) -> np.ndarray:
        total = np.zeros((X.shape[0], len(self.classes_)))
        for member, vote in zip(self.members_, self.votes_, strict=True):
            total += vote * (np.asarray(member.predict(X))[:, None] == self.classes_)
        return np.asarray(self.classes_[total.argmax(axis=1)])


class TrAdaBoost(FeatureMethod):
    """Boosting in which a few labelled target examples unmask the source examples that contradict them.

    The baseline is trained on the same labelled source and target examples.

    Differs from the paper
    ----------------------
    More than two classes, as SAMME extends AdaBoost (Zhu et al. 2009): a vote is log((1 − ε)/ε) + log(C − 1), and
    ε may be anything better than chance.

    References
    ----------
    Dai, Yang, Xue & Yu (ICML 2007), Boosting for transfer learning, figure 1.
    """

    needs_shots = True

    class Params(FeatureMethod.Params):
        """Settings."""

        classifier: str = Field("svm", description="Classifier of every round; it must take weights.")
        rounds: int = Field(10, ge=2, le=1000, description="Rounds N.")

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        check_takes_weights(self.new_classifier(problem.seed), self.params.classifier)
        assert problem.shots is not None
        n = source.shape[0] - len(problem.shots)
        boost = TransferBoost(self.params.rounds).fit(
            source[:n], labels[:n], source[n:], labels[n:], lambda: self.new_classifier(problem.seed)
        )
        identity = FunctionTransformer(accept_sparse=True).fit(target)
        notes = {"labelled_target_examples": len(problem.shots)}
        return Adapted(source, identity, classifier=boost, notes=notes)
