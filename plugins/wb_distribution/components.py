"""What TCA, JDA, BDA and STL share: transfer components for given contrasts, refined by pseudo labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from sklearn.base import clone

from wb_distribution import contrasts, kernels
from wb_distribution.embedding import Embedding
from wb_distribution.spectrum import Spectrum, kernel_directions
from workbench.data.inputs import concatenate
from workbench.methods.estimator import DomainTransformer

EXACT_UP_TO = 6000
"""Examples of both domains up to which a kernel matrix is taken whole (288 MB); Nyström landmarks beyond."""

LANDMARKS = 500
"""As accurate as the whole kernel on digits, within .3 of a point (docs/speed.md)."""

WIDE_FROM = 1500
"""Examples beyond which a linear kernel of wider features is taken as a matrix rather than decomposed whole."""


class TransferComponents(DomainTransformer):
    """Directions in which given means of source and target meet while the data keeps its variance.

    Both domains move by one map, :attr:`embedding_`.

    Parameters
    ----------
    components : int
        Directions k.
    regularisation : float
        λ.
    kernel : {"linear", "primal", "rbf"}
        ``primal`` regularises the directions in feature space, ``linear`` their weights over the examples.
    gamma : float
        Width of the RBF kernel exp(−γ ‖x − y‖²).
    landmarks : int
        Nyström landmarks of a kernel matrix (RBF, or linear of more features than examples); 0 takes it whole up to
        6,000 examples and 500 landmarks beyond.
    unit_rows : bool
        Whether every row has length 1 before and after, as in the authors' code of JDA.
    random_state : int
        Seed of the landmarks.
    target : matrix, shape (m, d), optional
        The target's examples where ``fit`` is given none.

    Attributes
    ----------
    embedding_ : Embedding
    landmarks_ : int
        How many landmarks stood for the kernel; 0 for none.
    """

    takes_sparse = True

    def __init__(
        self,
        components: int = 100,
        regularisation: float = 1.0,
        kernel: str = "linear",
        gamma: float = 1.0,
        landmarks: int = 0,
        unit_rows: bool = True,
        random_state: int = 0,
        target: Any = None,
    ) -> None:
        self.components = components
        self.regularisation = regularisation
        self.kernel = kernel
        self.gamma = gamma
        self.landmarks = landmarks
        self.unit_rows = unit_rows
        self.random_state = random_state
        self.target = target

    def prepare(self, source: Any, target: Any) -> Self:
        """Take in both domains: what does not depend on the contrasts is computed once."""
        self.sizes_ = (source.shape[0], target.shape[0])
        self.features_ = self.rows(concatenate([source, target]))
        self.landmarks_, self.anchors_, self.kernel_, self.spectrum_ = 0, None, None, None
        n, d = self.features_.shape
        self.gamma_ = self.gamma if self.kernel == "rbf" else None
        if self.kernel == "primal" or (self.kernel == "linear" and (d <= n or n <= WIDE_FROM)):
            self.spectrum_ = Spectrum(self.features_, 1 if self.kernel == "primal" else 2)
            return self
        wanted = self.landmarks or (LANDMARKS if n > EXACT_UP_TO else 0)
        if not wanted or wanted >= n:
            self.anchors_ = self.features_
            self.kernel_ = kernels.kernel(self.features_, self.features_, self.gamma_)
            return self
        self.anchors_ = kernels.landmarks(self.features_, wanted, self.random_state)
        self.landmarks_ = wanted
        self.root_ = kernels.inverse_root(kernels.kernel(self.anchors_, self.anchors_, self.gamma_))
        self.spectrum_ = Spectrum(kernels.kernel(self.features_, self.anchors_, self.gamma_) @ self.root_, 2)
        return self

    def embed(self, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The embedded source (n, k) and target (m, k) for the contrasts ``columns`` (n + m, c)."""
        if self.spectrum_ is None:
            assert self.kernel_ is not None
            weights = kernel_directions(self.kernel_, columns, self.regularisation, self.components)
            embedded = self.kernel_ @ weights
        else:
            weights = self.spectrum_.directions(columns, self.regularisation, self.components)
            embedded = np.asarray(self.spectrum_.features @ weights)
            weights = self.root_ @ weights if self.landmarks_ else weights
        self.embedding_ = Embedding(weights, self.anchors_, self.gamma_, self.unit_rows)
        embedded = self.rows(embedded)
        return embedded[: self.sizes_[0]], embedded[self.sizes_[0] :]

    def rows(self, features: Any) -> Any:
        """``features``, nobody else's, with rows of length 1 where the setting says so."""
        return kernels.unit_rows(features, in_place=True) if self.unit_rows else features

    def release(self) -> Self:
        """Forget the training data's own matrices: prediction needs the embedding alone."""
        for name in ("features_", "kernel_", "spectrum_", "anchors_", "root_"):
            if hasattr(self, name):
                delattr(self, name)
        return self

    def _move(self, features: Any) -> np.ndarray:
        return self.embedding_.transform(features)

    @property
    def _n_features_out(self) -> int:
        return int(self.embedding_.weights.shape[1])


def refine(
    components: TransferComponents,
    labels: np.ndarray,
    columns: Callable[[np.ndarray | None, np.ndarray, np.ndarray], np.ndarray],
    classifier: Any,
    iterations: int,
) -> tuple[np.ndarray, np.ndarray, list[dict[str, float]]]:
    """Embed, label the target by a classifier trained on the source, embed again with these pseudo labels.

    Parameters
    ----------
    columns : callable
        From (pseudo labels or None, embedded source, embedded target) to the contrasts.
    classifier : estimator
        A clone of it is trained in every round.

    Returns
    -------
    source, pseudo, trace : the embedded source, the last pseudo labels, and for each iteration the marginal and
        the conditional discrepancy and how many pseudo labels changed. Iterations end early when none does.
    """
    classes = np.unique(labels)
    pseudo: np.ndarray | None = None
    source = target = np.zeros((0, 0))
    trace: list[dict[str, float]] = []
    for _ in range(iterations):
        source, target = components.embed(columns(pseudo, source, target))
        predicted = np.asarray(clone(classifier).fit(source, labels).predict(target))
        changed = len(predicted) if pseudo is None else int(np.count_nonzero(predicted != pseudo))
        together = np.vstack([source, target])
        trace.append(
            {
                "marginal": contrasts.discrepancy(contrasts.marginal(*components.sizes_), together),
                "conditional": contrasts.discrepancy(contrasts.conditional(labels, predicted, classes), together),
                "changed": changed,
            }
        )
        pseudo = predicted
        if not changed:
            break
    assert pseudo is not None
    return source, pseudo, trace
