"""Stratified transfer learning."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from wb_distribution import contrasts
from wb_distribution.components import TransferComponents
from wb_distribution.components_method import ComponentsMethod, recorded
from workbench.data.domains import Problem
from workbench.errors import UsageError
from workbench.methods.feature_method import Adapted

RESIDUAL = -1
"""The pseudo label of an example on which the voters disagree."""


TREES = 500
"""Of the random forest; fewer make its vote depend on the seed."""


class StratifiedTransfer(TransferComponents):
    """STL's intra-class transfer as a scikit-learn estimator.

    Parameters beyond those of :class:`TransferComponents`
    -------------------------------------------------------
    iterations : int
        Rounds. From the second on the voters learn and vote in the space that the round before found. Rounds end
        early once no pseudo label changes.
    trees : int
        Of the random forest that votes.

    Attributes
    ----------
    classes_ : ndarray, shape (C,)
    source_ : ndarray, shape (n, k)
    candidates_ : ndarray of bool, shape (m,)
        The target examples on whose class a majority of the voters agrees.
    pseudo_labels_ : ndarray, shape (m,)
        The place of their class in :attr:`classes_`; −1 for the residual ones.
    trace_ : list of dict
        Of every round: the discrepancy of both domains' and of each class's mean, source against candidates, how many
        candidates there are and how many pseudo labels changed.

    References
    ----------
    Wang, Chen, Hu, Peng & Yu (PerCom 2018), Stratified transfer learning for cross-domain activity recognition.
    """

    needs_labels = True

    def __init__(
        self,
        components: int = 30,
        regularisation: float = 1.0,
        kernel: str = "linear",
        gamma: float = 1.0,
        landmarks: int = 0,
        unit_rows: bool = True,
        random_state: int = 0,
        iterations: int = 1,
        trees: int = TREES,
        target: Any = None,
    ) -> None:
        super().__init__(components, regularisation, kernel, gamma, landmarks, unit_rows, random_state, target)
        self.iterations = iterations
        self.trees = trees

    def _learn(self, source: Any, labels: Any, target: Any) -> np.ndarray:
        self.classes_, labels = np.unique(labels, return_inverse=True)
        here, there = source, target
        self.pseudo_labels_ = np.full(target.shape[0], RESIDUAL)
        self.trace_: list[dict[str, float]] = []
        for number in range(self.iterations):
            predicted = majority([voter.fit(here, labels).predict(there) for voter in self._voters()])
            changed = int(np.count_nonzero(predicted != self.pseudo_labels_)) if number else len(predicted)
            if not changed:
                break
            self.pseudo_labels_ = predicted
            self.candidates_ = predicted != RESIDUAL
            here = self.source_ = self._bring_together(source, labels, target, changed)
            there = self._move(target)
        self.release()
        return self.source_

    def _bring_together(self, source: Any, labels: np.ndarray, target: Any, changed: int) -> np.ndarray:
        """The embedded source, after each class's source examples met its candidates; the round is traced."""
        chosen = np.flatnonzero(self.candidates_)
        if not len(chosen):
            raise UsageError("no target example has a majority of votes; STL has nothing to transfer by: try jda")
        pseudo, classes = self.pseudo_labels_[chosen], np.unique(labels)
        self.prepare(source, target[chosen])
        own = contrasts.conditional(labels, pseudo, classes)
        embedded, met = self.embed(contrasts.normalised(own))
        together = np.vstack([embedded, met])
        self.trace_.append(
            {
                "marginal": contrasts.discrepancy(contrasts.marginal(*self.sizes_), together),
                "conditional": contrasts.discrepancy(own, together),
                "candidates": len(chosen),
                "changed": changed,
            }
        )
        return embedded

    def _voters(self) -> list[Any]:
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.neighbors import KNeighborsClassifier
        from sklearn.svm import SVC

        return [
            KNeighborsClassifier(n_neighbors=1),
            SVC(kernel="linear"),
            RandomForestClassifier(self.trees, random_state=self.random_state),
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
    As JDA does: rows have length 1 before and after, the MMD matrix has Frobenius norm 1, each direction length 1.
    One space for all classes, and the nearest neighbour among the source in it labels candidates and residual
    examples alike. One round unless more are asked for; in a further round the voters vote anew, in the space found.

    References
    ----------
    Wang, Chen, Hu, Peng & Yu (PerCom 2018), Stratified transfer learning for cross-domain activity recognition.
    """

    several_sources = (
        "each scaled by itself where the scaling is within domains, then pooled: each class's mean is over all sources"
    )

    class Params(ComponentsMethod.Params):
        """Settings."""

        components: int = Field(30, ge=1, le=10_000, description="Components k.")
        iterations: int = Field(1, ge=1, le=1000, description="Rounds of votes and transfer.")

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        settings = {**self.component_settings(problem), "iterations": self.params.iterations}
        transfer = StratifiedTransfer(**settings).fit(source, labels, target)
        notes = {
            **self.notes_of(transfer),
            "candidates": int(transfer.candidates_.sum()),
            "trace": recorded(transfer.trace_),
        }
        return Adapted(transfer.source_, transfer.embedding_, notes=notes)
