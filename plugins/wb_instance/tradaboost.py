"""TrAdaBoost."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from pydantic import Field
from sklearn.base import ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.validation import column_or_1d

from wb_instance.reweighting import check_takes_weights
from workbench.data.domains import Problem
from workbench.data.inputs import concatenate
from workbench.methods.estimator import DomainEstimator
from workbench.methods.feature_method import Adapted, FeatureMethod

SMALLEST_ERROR, LARGEST_ERROR = 1e-3, 0.499
"""Of the few target examples: without bounds a round would have a vote without bound, or a negative one."""


class TransferBoost(ClassifierMixin, DomainEstimator):
    """TrAdaBoost as a scikit-learn classifier.

    An example's loss in a round is 1 − p of its class, for a classifier with probabilities p, or else 0 or 1. Target
    examples gain weight by their loss, as in AdaBoost; source examples lose weight by theirs, as they contradict the
    target. The later half of the rounds votes.

    Parameters
    ----------
    rounds : int
        N.
    target_share : float
        Share of the target examples in all weights at the start.
    classifier : estimator, optional
        Clones of it are the members; logistic regression if None. It must take ``sample_weight``.
    target : matrix, shape (m, d), optional
        The few target examples whose classes are known, where ``fit`` is given none.
    target_labels : array, shape (m,), optional
        Their classes.

    Attributes
    ----------
    classes_ : ndarray
    members_ : list of classifiers
        Of the later half.
    votes_ : ndarray
    trace_ : list of dict
        Of each round: the weighted loss on target examples, and their share of all weights.

    References
    ----------
    Dai, Yang, Xue & Yu (ICML 2007), Boosting for transfer learning, figure 1.
    """

    takes_sparse = True
    needs_labels = True

    def __init__(
        self,
        rounds: int = 10,
        target_share: float = 0.5,
        classifier: Any = None,
        target: Any = None,
        target_labels: Any = None,
    ) -> None:
        self.rounds = rounds
        self.target_share = target_share
        self.classifier = classifier
        self.target = target
        self.target_labels = target_labels

    def fit(self, X: Any, y: Any = None, target: Any = None, target_labels: Any = None) -> Self:
        """As :meth:`DomainEstimator.fit`, with the classes (m,) of the target's examples."""
        source, labels, target = self._domains(X, y, target)
        known = self.target_labels if target_labels is None else target_labels
        known = column_or_1d([] if known is None else known)
        if len(known) != target.shape[0]:
            raise ValueError(f"{target.shape[0]} target examples and {len(known)} target_labels: each needs its own")
        self._boost(source, labels, target, known)
        return self

    def _boost(self, source: Any, source_labels: np.ndarray, target: Any, target_labels: np.ndarray) -> None:
        classifier = LogisticRegression(max_iter=1000) if self.classifier is None else self.classifier
        n, m = len(source_labels), len(target_labels)
        features = concatenate([source, target])
        labels = np.concatenate([source_labels, target_labels])
        self.classes_, positions = np.unique(labels, return_inverse=True)
        forget = np.log(1 + np.sqrt(2 * np.log(n) / self.rounds))
        weights = np.repeat([(1 - self.target_share) / n, self.target_share / m], [n, m])
        members, votes = [], []
        self.trace_: list[dict[str, float]] = []
        for _ in range(self.rounds):
            member = clone(classifier).fit(features, labels, sample_weight=weights * len(labels))
            losses = 1 - confidences(member, features, self.classes_)[np.arange(n + m), positions]
            share = float(weights[n:].sum())
            error = float(weights[n:] @ losses[n:]) / share
            self.trace_.append({"target_loss": error, "target_share": share})
            error = min(max(error, SMALLEST_ERROR), LARGEST_ERROR)
            vote = np.log((1 - error) / error)
            members.append(member)
            votes.append(vote)
            weights = weights * np.exp(np.concatenate([-forget * losses[:n], vote * losses[n:]]))
            weights = weights / weights.sum()
        later = self.rounds // 2
        self.members_, self.votes_ = members[later:], np.array(votes[later:])

    def predict_proba(self, X: Any) -> np.ndarray:
        """The members' probabilities, weighted by their votes: shape (n, C)."""
        features = self._examples(X)
        votes = self.votes_ / self.votes_.sum()
        return np.asarray(
            sum(
                vote * confidences(member, features, self.classes_)
                for member, vote in zip(self.members_, votes, strict=True)
            )
        )

    def predict(self, X: Any) -> np.ndarray:
        probabilities = self.predict_proba(X)
        return np.asarray(self.classes_[probabilities.argmax(axis=1)])


def confidences(member: Any, features: Any, classes: np.ndarray) -> np.ndarray:
    """Probabilities (n, C), or 1 for the predicted class where a classifier gives none."""
    if hasattr(member, "predict_proba"):
        return np.asarray(member.predict_proba(features))
    return np.asarray(np.asarray(member.predict(features))[:, None] == classes, dtype=np.float64)


class TrAdaBoost(FeatureMethod):
    """Boosting in which a few labelled target examples unmask the source examples that contradict them.

    The baseline is trained on the same labelled source and target examples.

    Differs from the paper
    ----------------------
    Losses and votes are the probabilities of the round's classifier, as the paper permits: one that separates its
    training examples misses none, and no 0/1 loss would ever change a weight. With more than two classes the loss is
    that of the true class, and an error beyond .499 counts as .499. Ten rounds rather than a hundred. At the start
    both domains have half of all weights (the paper leaves it to the user).

    References
    ----------
    Dai, Yang, Xue & Yu (ICML 2007), Boosting for transfer learning, figure 1.
    """

    needs_shots = True
    several_sources = (
        "each scaled by itself where the scaling is within domains, then pooled: examples of a source that contradicts "
        "the labelled target examples lose their weight"
    )

    class Params(FeatureMethod.Params):
        """Settings."""

        rounds: int = Field(10, ge=2, le=1000, description="Rounds N.")
        target_share: float = Field(
            0.5, gt=0, lt=1, description="Share of the labelled target examples in all weights at the start."
        )

    own_classifier = "logreg"

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        classifier = self.new_classifier(problem)
        check_takes_weights(classifier, self.classifier_name(problem))
        assert problem.shots is not None
        n = source.shape[0] - len(problem.shots)
        boost = TransferBoost(self.params.rounds, self.params.target_share, classifier)
        boost.fit(source[:n], labels[:n], source[n:], labels[n:])
        identity = FunctionTransformer(accept_sparse=True).fit(target)
        notes = {"labelled_target_examples": len(problem.shots), "trace": boost.trace_}
        return Adapted(source, identity, classifier=boost, notes=notes)
