"""Stratified transfer learning."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from pydantic import Field

from wb_distribution import contrasts
from wb_distribution.components import TransferComponents
from wb_distribution.settings import ComponentsMethod
from workbench.domains import Problem
from workbench.features import Adapted

RESIDUAL = -1
"""The pseudo label of an example on which the voters disagree."""


TREES = 500
"""Of the random forest; fewer make its vote depend on the seed."""


class StratifiedTransfer(TransferComponents):
    """STL's intra-class transfer as a scikit-learn estimator: ``fit(source, labels, target)``, then ``transform``.

    Attributes
    ----------
    source_ : ndarray, shape (n, k)
    candidates_ : ndarray of bool, shape (m,)
        The target examples on whose class a majority of the voters agrees.
    pseudo_labels_ : ndarray, shape (m,)
        Their class; −1 for the residual ones.
    """

    def fit(self, source: Any, labels: np.ndarray, target: Any) -> Self:
        self.pseudo_labels_ = majority([voter.fit(source, labels).predict(target) for voter in self._voters()])
        self.candidates_ = self.pseudo_labels_ != RESIDUAL
        self.prepare(source, target[np.flatnonzero(self.candidates_)])
        columns = contrasts.conditional(np.asarray(labels), self.pseudo_labels_[self.candidates_], np.unique(labels))
        self.source_, _ = self.embed(contrasts.normalised(columns))
        return self.release()

    def _voters(self) -> list[Any]:
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.neighbors import KNeighborsClassifier
        from sklearn.svm import SVC

        return [
            KNeighborsClassifier(n_neighbors=1),
            SVC(kernel="linear"),
            RandomForestClassifier(TREES, random_state=self.random_state),
        ]


def majority(votes: list[np.ndarray]) -> np.ndarray:
    """The class that more than half of the voters give each example, or −1; class ids are not negative."""
    stacked = np.stack(votes)
    winner = np.full(stacked.shape[1], RESIDUAL)
    for vote in stacked:
        agreed = 2 * np.count_nonzero(stacked == vote, axis=0) > len(stacked)
        winner = np.where(agreed, vote, winner)
    return winner


class STL(ComponentsMethod):
    """Three classifiers vote; where most agree, each class's source and target examples are brought together.

    Nearest neighbour, support vector machine and random forest give the target pseudo labels. Examples with a
    majority are candidates: components are found in which the mean of each class's source examples meets the mean
    of its candidates. Every target example is then classified in this space.

    Differs from the paper
    ----------------------
    One space for all classes, and the nearest neighbour among the source in it labels candidates and residual
    examples alike.

    References
    ----------
    Wang, Chen, Hu, Peng & Yu (PerCom 2018), Stratified transfer learning for cross-domain activity recognition.
    """

    class Params(ComponentsMethod.Params):
        """Settings."""

        components: int = Field(30, ge=1, le=10_000, description="Components k.")

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        transfer = StratifiedTransfer(**self.component_settings(problem)).fit(source, labels, target)
        notes = {**self.notes_of(transfer), "candidates": int(transfer.candidates_.sum())}
        return Adapted(transfer.source_, transfer.embedding_, notes=notes)
