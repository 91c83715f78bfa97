"""What boosted regressions share: adjusted errors, the weighted median, and AdaBoost.R2 with a part of it frozen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin

SMALLEST_ERROR, LARGEST_ERROR = 1e-3, 0.499
"""Bounds of a round's weighted error: its vote ln((1 − ε) / ε) stays finite and above zero."""

Regressors = Callable[[], Any]
"""Makes an unfitted regressor that takes ``sample_weight``."""


class MedianOfMembers(RegressorMixin, BaseEstimator):
    """Base of boosted regressions: the prediction is the members' median, weighted by their votes.

    Attributes
    ----------
    members_ : list of regressors
    votes_ : ndarray, shape (members,)
    """

    members_: list[Any]
    votes_: np.ndarray

    def predict(self, X: Any) -> np.ndarray:
        """(n,): of each example the smallest prediction at which half of all votes are reached."""
        predictions = np.stack([member.predict(X) for member in self.members_], axis=1)
        return weighted_median(predictions, self.votes_)


def weighted_median(predictions: np.ndarray, votes: np.ndarray) -> np.ndarray:
    """Of each row of (n, members) the smallest value at which the votes (members,) of it and below reach a half."""
    order = np.argsort(predictions, axis=1, kind="stable")
    reached = np.cumsum(votes[order], axis=1) >= 0.5 * votes.sum() * (1 - 1e-12)
    column = order[np.arange(len(order)), reached.argmax(axis=1)]
    return np.asarray(predictions[np.arange(len(order)), column])


def adjusted_errors(member: Any, features: Any, labels: np.ndarray) -> np.ndarray:
    """|y − h(x)| over the largest of them: (n,) between 0 and 1 (AdaBoost.R2's linear loss)."""
    errors = np.abs(labels - member.predict(features))
    largest = float(errors.max())
    return np.asarray(errors / largest if largest > 0 else errors)


def bounded(error: float) -> float:
    return min(max(error, SMALLEST_ERROR), LARGEST_ERROR)


class TargetBoost(MedianOfMembers):
    """AdaBoost.R2 that never changes the weights of the source examples (AdaBoost.R2′ of Pardoe & Stone).

    Parameters
    ----------
    rounds : int
    """

    def __init__(self, rounds: int = 10) -> None:
        self.rounds = rounds

    def fit(self, features: Any, labels: np.ndarray, weights: np.ndarray, target: np.ndarray, new: Regressors) -> Self:
        """``weights`` (n,) sum to 1; ``target`` (n,) says which examples may change theirs, within their share."""
        weights, share = weights.copy(), weights[target].sum()
        members: list[Any] = []
        votes: list[float] = []
        for _ in range(self.rounds):
            member = new().fit(features, labels, sample_weight=weights * len(labels))
            errors = adjusted_errors(member, features, labels)
            error = float(weights @ errors)
            if members and error > LARGEST_ERROR:
                break
            error = bounded(error)
            vote = np.log((1 - error) / error)
            members.append(member)
            votes.append(vote)
            weights[target] *= np.exp(-vote * (1 - errors[target]))
            weights[target] *= share / weights[target].sum()
        self.members_, self.votes_ = members, np.array(votes)
        return self
