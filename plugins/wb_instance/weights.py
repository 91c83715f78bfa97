"""What the estimators of weights share: the target, an optional classifier of the weighted source, kernel parts."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.utils import get_tags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from workbench.methods.estimator import DomainEstimator

SMALLEST = 1e-6
"""No example is left without any weight: a class must not vanish for a classifier."""


def _classifies(estimator: ImportanceWeights) -> bool:
    return estimator.classifier is not None


class ImportanceWeights(DomainEstimator):
    """Base: a weight for each source example; with a classifier, that classifier trained on the weighted source.

    Parameters
    ----------
    classifier : estimator, optional
        A clone of it is trained on the source with the weights; it must take ``sample_weight``.
    target : matrix, shape (m, d), optional
        The target's examples where ``fit`` is given none.

    Attributes
    ----------
    weights_ : ndarray, shape (n,)
    classifier_ : estimator
        Where one was given.
    """

    takes_sparse = True

    def __init__(self, classifier: Any = None, target: Any = None) -> None:
        self.classifier = classifier
        self.target = target

    @property
    def needs_labels(self) -> bool:  # type: ignore[override]
        """The weights need none; the classifier does."""
        return self.classifier is not None

    @abstractmethod
    def _weigh(self, source: Any, target: Any) -> np.ndarray:
        """A weight (n,) for each source example, of any mean."""

    def _learn(self, source: Any, labels: np.ndarray | None, target: Any) -> None:
        self.weights_ = self._weigh(source, target)
        if self.classifier is not None:
            weights = of_mean_one(self.weights_)
            self.classifier_ = clone(self.classifier).fit(source, labels, sample_weight=weights)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        if self.classifier is not None:
            inner = get_tags(self.classifier)
            tags.estimator_type, tags.classifier_tags = inner.estimator_type, inner.classifier_tags
        return tags

    @property
    def classes_(self) -> np.ndarray:
        """The classifier's classes."""
        check_is_fitted(self)
        return np.asarray(self.classifier_.classes_)

    @available_if(_classifies)
    def predict(self, X: Any) -> np.ndarray:
        features = self._examples(X)
        return np.asarray(self.classifier_.predict(features))

    @available_if(lambda self: _classifies(self) and hasattr(self.classifier, "predict_proba"))
    def predict_proba(self, X: Any) -> np.ndarray:
        features = self._examples(X)
        return np.asarray(self.classifier_.predict_proba(features))

    @available_if(_classifies)
    def score(self, X: Any, y: Any) -> float:
        """Accuracy."""
        return float(np.mean(self.predict(X) == np.asarray(y)))


def of_mean_one(weights: np.ndarray) -> np.ndarray:
    """Weights (n,) of mean 1, or nearly: each counts a millionth at least."""
    return np.maximum(weights / max(weights.mean(), 1e-300), SMALLEST)


def centres(target: Any, wanted: int, seed: int) -> Any:
    """Kernel centres: ``wanted`` target examples at random, or all."""
    m = target.shape[0]
    return target if wanted >= m else target[np.sort(np.random.default_rng(seed).choice(m, wanted, replace=False))]


def squared_distances(left: Any, right: Any) -> np.ndarray:
    """‖x − y‖² of rows (n, d) and (m, d): shape (n, m)."""
    from sklearn.metrics.pairwise import euclidean_distances

    return np.asarray(euclidean_distances(left, right, squared=True))


def median_width(source: Any, target: Any, seed: int, most: int = 500) -> float:
    """Median distance between examples of both domains, over at most ``most`` of each."""
    generator = np.random.default_rng(seed)
    drawn = [x[np.sort(generator.permutation(x.shape[0])[:most])] for x in (source, target)]
    median = float(np.median(np.sqrt(squared_distances(*drawn))))
    return median if median > 0 else 1.0
