"""Transfer joint matching."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from wb_distribution import contrasts, kernels
from wb_distribution.components import LANDMARKS, TransferComponents
from wb_distribution.components_method import ComponentsMethod, recorded
from wb_distribution.embedding import Embedding
from wb_distribution.kernel_memory import kernel_need
from wb_distribution.spectrum import penalised_directions
from workbench.data.domains import Problem
from workbench.data.inputs import concatenate
from workbench.methods import memory
from workbench.methods.feature_method import Adapted

SMALLEST = 1e-12

COPIES = 7.5
"""Peak of a fit over the size of the kernel matrix, as measured."""

FACTORED_FROM = 3000
"""Examples beyond which a kernel without a short factor is taken through landmarks."""


class TransferJointMatching(TransferComponents):
    """TJM as a scikit-learn estimator.

    Parameters beyond those of :class:`TransferComponents`
    -------------------------------------------------------
    iterations : int
        Rounds of reweighing.

    Attributes
    ----------
    source_ : ndarray, shape (n, k)
    relevance_ : ndarray, shape (n,)
        Length of each source example's row of weights: near zero for examples that do not fit the target.
    trace_ : list of dict
    """

    def __init__(
        self,
        components: int = 20,
        regularisation: float = 1.0,
        kernel: str = "linear",
        gamma: float = 1.0,
        landmarks: int = 0,
        unit_rows: bool = True,
        random_state: int = 0,
        iterations: int = 10,
        target: Any = None,
    ) -> None:
        super().__init__(components, regularisation, kernel, gamma, landmarks, unit_rows, random_state, target)
        self.iterations = iterations

    def _learn(self, source: Any, labels: np.ndarray | None, target: Any) -> np.ndarray:
        n = source.shape[0]
        self.sizes_ = (n, target.shape[0])
        features = self.rows(concatenate([source, target]))
        factor, to_weights = self._factor(features)
        columns = contrasts.normalised(contrasts.marginal(*self.sizes_))
        penalties = np.ones(len(factor))
        self.trace_: list[dict[str, float]] = []
        for _ in range(self.iterations):
            weights, lengths = penalised_directions(factor, columns, self.regularisation, self.components, penalties)
            self.relevance_ = lengths[:n]
            penalties[:n] = 1 / (2 * np.maximum(self.relevance_, SMALLEST))
            self.trace_.append({"marginal": contrasts.discrepancy(columns, factor @ weights)})
        anchors = None if to_weights is None else self.anchors_
        final = weights if to_weights is None else to_weights @ weights
        self.embedding_ = Embedding(final, anchors, self.gamma_, self.unit_rows)
        self.source_ = self.embedding_.transform(source)
        self.release()
        return self.source_

    def _factor(self, features: Any) -> tuple[np.ndarray, np.ndarray | None]:
        """Z with K = Z Zᵀ, and what turns its weights into weights of the kernel with anchors (None: Z = X)."""
        n, d = features.shape
        self.gamma_ = self.gamma if self.kernel == "rbf" else None
        self.landmarks_ = 0
        if self.gamma_ is None and d <= n and not hasattr(features, "tocsr"):
            return features, None
        wanted = self.landmarks or (LANDMARKS if n > FACTORED_FROM else n)
        self.landmarks_ = wanted if wanted < n else 0
        self.anchors_ = kernels.landmarks(features, wanted, self.random_state)
        root = kernels.inverse_root(kernels.kernel(self.anchors_, self.anchors_, self.gamma_))
        return kernels.kernel(features, self.anchors_, self.gamma_) @ root, root


class TJM(ComponentsMethod):
    """The domains' means meet, and source examples that do not fit the target lose their say.

    Source examples are weighed by a row-sparse penalty on their kernel weights.

    Differs from the paper
    ----------------------
    The directions A are scaled to Aᵀ(K M K + λ G)A = I, where the paper's constraint is AᵀK H K A = I. A round's
    subspace is the same, but the next round's penalties G follow the lengths of A's rows: the last subspace is the
    paper's for λ near 1, and another for small ones (it differs at .01). As in the authors' code: rows of length 1
    before and after, an MMD matrix of Frobenius norm 1. ``--kernel primal`` is the linear kernel, since the penalty
    is on examples. A kernel without a short factor is taken through 500 Nyström landmarks beyond 3,000 examples.

    References
    ----------
    Long, Wang, Ding, Sun & Yu (CVPR 2014), Transfer joint matching for unsupervised domain adaptation, eq. 10–12.
    """

    several_sources = (
        "each scaled by itself where the scaling is within domains, then pooled: source examples that do not fit the "
        "target lose their say, whichever source they are of"
    )

    class Params(ComponentsMethod.Params):
        """Settings."""

        components: int = Field(20, ge=1, le=10_000, description="Components k.")
        iterations: int = Field(10, ge=1, le=1000, description="Rounds of reweighing.")

    def needs(self, source: Any, target: Any) -> memory.Need | None:
        """The factor of a kernel without a short one, as many columns as examples, and what the rounds add."""
        n, d = source.shape[0] + target.shape[0], source.shape[1]
        short = self.params.kernel != "rbf" and d <= n and not hasattr(source, "tocsr")
        return None if self.params.landmarks or short else kernel_need(n, COPIES, FACTORED_FROM)

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        settings = self.component_settings(problem)
        matching = TransferJointMatching(**settings, iterations=self.params.iterations)
        matching.fit(source, target=target)
        notes = {**self.notes_of(matching), "trace": recorded(matching.trace_)}
        return Adapted(matching.source_, matching.embedding_, notes=notes)
