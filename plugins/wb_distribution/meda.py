"""Manifold embedded distribution alignment."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field
from sklearn.base import ClassifierMixin, clone
from sklearn.preprocessing import normalize

from wb_distribution import contrasts, kernels
from wb_distribution.balance import balance
from wb_distribution.components import EXACT_UP_TO
from wb_distribution.components_method import recorded
from wb_distribution.kernel_memory import kernel_need
from wb_distribution.manifold import laplacian
from wb_distribution.nearest import NearestNeighbour
from wb_subspace.geodesic import GeodesicFlow
from wb_subspace.wide import narrow
from workbench.data.domains import Problem
from workbench.methods import memory
from workbench.methods.estimator import DomainEstimator
from workbench.methods.feature_method import Adapted, FeatureMethod

COPIES = 3.5
"""Peak of a fit over the size of the kernel matrix, as measured."""

LANDMARKS = 1000
"""Of its kernel, by 500 of which it loses a point on digits."""

TINY = 1e-12

GAMMA = 0.5
"""Width of the RBF kernel: one over twice the mean squared length, which is 1, as in the authors' code."""


class ManifoldAlignedClassifier(ClassifierMixin, DomainEstimator):
    """MEDA's classifier f(x) = Σ α_i k(x_i, x), fitted on features of either domain.

    Solves α = ((A + λ M + ρ L) K + η I)⁻¹ A Y (eq. 12) with A the indicator of source examples, M the balanced MMD
    matrix, L the neighbour graph's Laplacian and Y the one-hot labels. What does not depend on the pseudo labels is
    factored once; M = E Eᵀ enters by the Woodbury identity. With landmarks, K = Z Zᵀ is never formed.

    Parameters
    ----------
    alignment, manifold, ridge : float
        λ, ρ and η.
    neighbours : int
        p, of the graph.
    iterations : int
    mu : float, optional
        Balance factor; estimated in every round if None.
    landmarks : int
        Nyström landmarks; 0 takes the kernel whole up to 6,000 examples.
    random_state : int
        Seed of the landmarks.
    classifier : estimator, optional
        Of the first pseudo labels; by default the nearest neighbour.
    target : matrix, shape (m, d), optional
        The target's examples where ``fit`` is given none.

    Attributes
    ----------
    classes_, anchors_, weights_ : ndarray
    landmarks_ : int
    trace_ : list of dict
        Of every round: the discrepancy of both domains' and of each class's mean decision values, the balance, and
        how many pseudo labels changed.
    """

    needs_labels = True

    def __init__(
        self,
        alignment: float = 10.0,
        manifold: float = 1.0,
        ridge: float = 0.1,
        neighbours: int = 10,
        iterations: int = 10,
        mu: float | None = None,
        landmarks: int = 0,
        random_state: int = 0,
        classifier: Any = None,
        target: Any = None,
    ) -> None:
        self.alignment = alignment
        self.manifold = manifold
        self.ridge = ridge
        self.neighbours = neighbours
        self.iterations = iterations
        self.mu = mu
        self.landmarks = landmarks
        self.random_state = random_state
        self.classifier = classifier
        self.target = target

    def _learn(self, source: np.ndarray, labels: Any, target: np.ndarray) -> None:
        n, m = len(source), len(target)
        features = normalize(np.vstack([source, target]))
        self.classes_ = np.unique(labels)
        first = NearestNeighbour() if self.classifier is None else clone(self.classifier)
        pseudo = np.asarray(first.fit(features[:n], labels).predict(features[n:]))
        gold = np.vstack([labels[:, None] == self.classes_, np.zeros((m, len(self.classes_)))]).astype(np.float64)
        system = _System(self, features, n)
        self.landmarks_, self.anchors_ = system.landmarks, system.anchors
        start = system.solve(gold)
        self.trace_: list[dict[str, float]] = []
        for _ in range(self.iterations):
            mu = self.mu if self.mu is not None else balance(features[:n], labels, features[n:], pseudo)
            columns = np.sqrt(self.alignment) * self._contrasts(mu, labels, pseudo, (n, m))
            moved, shown = system.solve(columns), system.show(columns)
            inner = np.eye(columns.shape[1]) + shown.T @ moved
            unknowns = start - moved @ np.linalg.solve(inner, shown.T @ start)
            self.weights_ = system.weights(unknowns)
            decided = system.across @ unknowns
            predicted = self.classes_[decided[n:].argmax(axis=1)]
            changed = int(np.count_nonzero(predicted != pseudo))
            self.trace_.append(
                {
                    "marginal": contrasts.discrepancy(contrasts.marginal(n, m), decided),
                    "conditional": contrasts.discrepancy(
                        contrasts.conditional(labels, predicted, self.classes_), decided
                    ),
                    "mu": float(mu),
                    "changed": changed,
                }
            )
            pseudo = predicted
            if not changed:
                break

    def predict(self, X: Any) -> np.ndarray:
        return np.asarray(self.classes_[self._decide(X).argmax(axis=1)])

    def predict_proba(self, X: Any) -> np.ndarray:
        """Decision values (n, C), cut at 0 and scaled to sum to 1: they are regressed on 0 and 1."""
        decided = np.maximum(self._decide(X), 0.0) + TINY
        return np.asarray(decided / decided.sum(axis=1, keepdims=True))

    def _decide(self, X: Any) -> np.ndarray:
        features = normalize(self._examples(X))
        return np.asarray(kernels.kernel(features, self.anchors_, GAMMA) @ self.weights_)

    def _contrasts(self, mu: float, labels: np.ndarray, pseudo: np.ndarray, sizes: tuple[int, int]) -> np.ndarray:
        whole = np.sqrt(len(self.classes_)) * contrasts.marginal(*sizes)
        own = contrasts.conditional(labels, pseudo, self.classes_)
        return contrasts.normalised(np.hstack([np.sqrt(1 - mu) * whole, np.sqrt(mu) * own]))


class _System:
    """The linear system without M, factored once.

    With the whole kernel the unknowns are α (n + m). With landmarks they are w = Zᵀ α, of the landmarks' number, and
    columns c (n + m, C) enter as Zᵀ c.
    """

    def __init__(self, settings: ManifoldAlignedClassifier, features: np.ndarray, n: int) -> None:
        from scipy import sparse
        from scipy.linalg import lu_factor

        size = len(features)
        graph = settings.manifold * laplacian(features, settings.neighbours)
        graph = graph + sparse.diags(np.repeat([1.0, 0.0], [n, size - n]))
        wanted = settings.landmarks or (LANDMARKS if size > EXACT_UP_TO else 0)
        self.landmarks = wanted if wanted < size else 0
        self.anchors = features
        self.across = kernels.kernel(features, self.anchors, GAMMA) if not self.landmarks else np.zeros((0, 0))
        if self.landmarks:
            self.anchors = kernels.landmarks(features, wanted, settings.random_state)
            self.root = kernels.inverse_root(kernels.kernel(self.anchors, self.anchors, GAMMA))
            self.across = kernels.kernel(features, self.anchors, GAMMA) @ self.root
        matrix = graph @ self.across if not self.landmarks else self.across.T @ (graph @ self.across)
        matrix[np.diag_indices(len(matrix))] += settings.ridge
        self.factored = lu_factor(matrix, overwrite_a=True, check_finite=False)

    def solve(self, columns: np.ndarray) -> np.ndarray:
        from scipy.linalg import lu_solve

        return np.asarray(lu_solve(self.factored, self.show(columns) if self.landmarks else columns))

    def show(self, columns: np.ndarray) -> np.ndarray:
        """Kᵀ c, or Zᵀ c."""
        return np.asarray(self.across.T @ columns)

    def weights(self, unknowns: np.ndarray) -> np.ndarray:
        """Weights of the kernel with the anchors."""
        return self.root @ unknowns if self.landmarks else unknowns


class ManifoldEmbeddedAlignment(ClassifierMixin, DomainEstimator):
    """MEDA as a scikit-learn classifier: the geodesic flow kernel's map, then :class:`ManifoldAlignedClassifier`.

    Parameters beyond those of :class:`ManifoldAlignedClassifier`
    --------------------------------------------------------------
    dimensions : int, optional
        Of both subspaces; chosen by the disagreement of subspaces if None.

    Attributes
    ----------
    classes_ : ndarray
    flow_ : GeodesicFlow
    classifier_ : ManifoldAlignedClassifier

    References
    ----------
    Wang, Feng, Chen, Yu, Huang & Yu (ACM MM 2018), Visual domain adaptation with manifold embedded distribution
    alignment, eq. 4–14.
    """

    needs_labels = True

    def __init__(
        self,
        dimensions: int | None = 20,
        alignment: float = 10.0,
        manifold: float = 1.0,
        ridge: float = 0.1,
        neighbours: int = 10,
        iterations: int = 10,
        mu: float | None = None,
        landmarks: int = 0,
        random_state: int = 0,
        classifier: Any = None,
        target: Any = None,
    ) -> None:
        self.dimensions = dimensions
        self.alignment = alignment
        self.manifold = manifold
        self.ridge = ridge
        self.neighbours = neighbours
        self.iterations = iterations
        self.mu = mu
        self.landmarks = landmarks
        self.random_state = random_state
        self.classifier = classifier
        self.target = target

    def _learn(self, source: np.ndarray, labels: Any, target: np.ndarray) -> np.ndarray:
        self.flow_ = GeodesicFlow(self.dimensions)
        mapped = self.flow_.fit_transform(source, target=target)
        settings = self.get_params(deep=False)
        settings = {name: settings[name] for name in settings if name not in ("dimensions", "target")}
        self.classifier_ = ManifoldAlignedClassifier(**settings).fit(mapped, labels, self.flow_.transform(target))
        self.classes_ = self.classifier_.classes_
        return mapped

    def predict(self, X: Any) -> np.ndarray:
        features = self._examples(X)
        return self.classifier_.predict(self.flow_.transform(features))

    def predict_proba(self, X: Any) -> np.ndarray:
        features = self._examples(X)
        return self.classifier_.predict_proba(self.flow_.transform(features))


class MEDA(FeatureMethod):
    """A classifier on manifold features that aligns both distributions, dynamically balanced, while it learns.

    Examples are mapped by the geodesic flow kernel. The classifier then minimises the squared loss on the source, the
    balanced discrepancy of the domains and of each class, and roughness over the graph of neighbours.

    Differs from the paper
    ----------------------
    As the authors' code: rows of length 1 after the map, an MMD matrix of Frobenius norm 1, and the marginal term
    counts as all classes together. The A-distances are measured by a ridge classifier, in two folds of every second
    example. Rounds end early once no pseudo label changes. Beyond 6,000 examples the kernel is taken through 1,000
    Nyström landmarks. Sparse features are brought to 500 singular directions first.

    References
    ----------
    Wang, Feng, Chen, Yu, Huang & Yu (ACM MM 2018), Visual domain adaptation with manifold embedded distribution
    alignment, eq. 4–14.
    """

    several_sources = (
        "each scaled by itself where the scaling is within domains, then pooled: each class's mean is over all sources"
    )

    class Params(FeatureMethod.Params):
        """Settings; the defaults are the paper's."""

        dimensions: int = Field(
            20, ge=0, le=10_000, description="Manifold dimensions; 0: by disagreement of subspaces."
        )
        alignment: float = Field(10.0, ge=0, le=1e6, description="λ, weight of the distributions.")
        manifold: float = Field(1.0, ge=0, le=1e6, description="ρ, weight of the neighbour graph.")
        ridge: float = Field(0.1, gt=0, le=1e6, description="η, weight of the classifier's length.")
        neighbours: int = Field(10, ge=1, le=1000, description="p, of each example in the graph.")
        iterations: int = Field(10, ge=1, le=1000, description="Rounds of pseudo labels.")
        mu: float | None = Field(None, ge=0, le=1, description="Balance factor; estimated when it is not given.")
        landmarks: int = Field(0, ge=0, le=100_000, description="Nyström landmarks; 0: whole up to 6,000 examples.")

    own_classifier = "1nn"

    def needs(self, source: Any, target: Any) -> memory.Need | None:
        """The kernel matrix of all examples and its factorisation."""
        examples = source.shape[0] + target.shape[0]
        return None if self.params.landmarks else kernel_need(examples, COPIES, EXACT_UP_TO, LANDMARKS)

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        wide, source, target = narrow(source, target, problem.seed)
        names = ("alignment", "manifold", "ridge", "neighbours", "iterations", "mu", "landmarks")
        settings = {name: getattr(self.params, name) for name in names}
        flow = GeodesicFlow(self.params.dimensions or None)
        mapped = flow.fit_transform(source, target=target)
        classifier = ManifoldAlignedClassifier(
            **settings, random_state=problem.seed, classifier=self.new_classifier(problem)
        ).fit(mapped, labels, flow.transform(target))
        notes = {"dimensions": flow.dimensions_, "trace": recorded(classifier.trace_), **wide.notes}
        return Adapted(mapped, wide.before(flow.map_), classifier=classifier, notes=notes)
