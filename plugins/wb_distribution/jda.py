"""Joint distribution adaptation."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from wb_distribution import contrasts
from wb_distribution.cells import CellNeighbour
from wb_distribution.components import TransferComponents, refine
from wb_distribution.components_method import JDA_PAPER, ComponentsMethod, recorded
from workbench.data.domains import Problem
from workbench.methods.feature_method import Adapted


class JointDistributionAdaptation(TransferComponents):
    """JDA as a scikit-learn estimator.

    Parameters beyond those of :class:`TransferComponents`
    -------------------------------------------------------
    iterations : int
        Rounds of pseudo labels.
    classifier : estimator, optional
        Of the pseudo labels; by default the nearest neighbour, beyond 10,000 source examples among their nearest
        cells.

    Attributes
    ----------
    source_ : ndarray, shape (n, k)
    pseudo_labels_ : ndarray, shape (m,)
    trace_ : list of dict

    References
    ----------
    Long, Wang, Ding, Sun & Yu (ICCV 2013), Transfer feature learning with joint distribution adaptation, eq. 8.
    """

    needs_labels = True

    def __init__(
        self,
        components: int = 100,
        regularisation: float = 1.0,
        kernel: str = "linear",
        gamma: float = 1.0,
        landmarks: int = 0,
        unit_rows: bool = True,
        random_state: int = 0,
        iterations: int = 10,
        classifier: Any = None,
        target: Any = None,
    ) -> None:
        super().__init__(components, regularisation, kernel, gamma, landmarks, unit_rows, random_state, target)
        self.iterations = iterations
        self.classifier = classifier

    def _learn(self, source: Any, labels: Any, target: Any) -> np.ndarray:
        self.prepare(source, target)
        self.labels_, self.classes_ = labels, np.unique(labels)
        classifier = CellNeighbour() if self.classifier is None else self.classifier
        self.source_, self.pseudo_labels_, self.trace_ = refine(
            self, self.labels_, self.contrasts, classifier, self.iterations
        )
        self.release()
        return self.source_

    def contrasts(self, pseudo: np.ndarray | None, source: np.ndarray, target: np.ndarray) -> np.ndarray:
        """M₀ and, once there are pseudo labels, the sum of M_c (eq. 6 and 7); M₀ counts C times, as M_c do."""
        columns = [np.sqrt(len(self.classes_)) * contrasts.marginal(*self.sizes_)]
        if pseudo is not None:
            columns.append(contrasts.conditional(self.labels_, pseudo, self.classes_))
        return contrasts.normalised(np.hstack(columns))


class JDA(ComponentsMethod):
    """Components in which the domains' means and the means of each class meet: the joint distribution.

    The classes of the target are pseudo labels, refined in rounds.

    Differs from the paper
    ----------------------
    As in the authors' code: rows have length 1 before and after, the MMD matrix has Frobenius norm 1, the marginal
    term weighs as much as all classes together, and each direction has length 1, where the paper's constraint gives
    each component variance 1. Rounds end early once no pseudo label changes. Beyond 10,000
    source examples a pseudo label is that of the nearest one in the nearest cells; the predictions are by all.

    References
    ----------
    Long, Wang, Ding, Sun & Yu (ICCV 2013), Transfer feature learning with joint distribution adaptation, eq. 8.
    """

    several_sources = (
        "each scaled by itself where the scaling is within domains, then pooled: each class's mean is over all sources"
    )

    class Params(ComponentsMethod.Params):
        """Settings."""

        iterations: int = Field(10, ge=1, le=1000, description="Rounds of pseudo labels.", json_schema_extra=JDA_PAPER)

    estimator: type[JointDistributionAdaptation] = JointDistributionAdaptation

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        analysis = self.estimator(
            **self.component_settings(problem),
            **self.own_settings(),
            iterations=self.params.iterations,
            classifier=None if self.classifier_name(problem) == self.own_classifier else self.new_classifier(problem),
        ).fit(source, labels, target)
        notes = {**self.notes_of(analysis), "trace": recorded(analysis.trace_)}
        return Adapted(analysis.source_, analysis.embedding_, notes=notes)

    def own_settings(self) -> dict[str, Any]:
        """Settings of the estimator that a subclass adds."""
        return {}
