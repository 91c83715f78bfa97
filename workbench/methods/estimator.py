"""Base of the classical estimators: plain scikit-learn ones that learn from a labelled source and a target.

``fit(X, y, target)`` takes the source's examples and labels, and the target's examples without labels. In a pipeline
the target comes by constructor (``TCA(target=Xt)``), or by metadata routing (``set_fit_request(target=True)``).
"""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_matrix, issparse
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_array, check_is_fitted, validate_data

from workbench.errors import UsageError
from workbench.methods.finite import refuse_not_finite

FLOATS = (np.float64, np.float32)


class NoTarget(UsageError, ValueError):
    """An estimator was fitted without the target's examples."""


class DomainEstimator(BaseEstimator):
    """Validates both domains and hands them to :meth:`_learn`.

    A subclass has a parameter ``target`` (matrix, shape (m, d), optional: the target's examples where :meth:`fit` is
    given none), and implements :meth:`_learn`.
    """

    target: Any

    takes_sparse = False
    """Whether both domains may be sparse matrices."""

    needs_labels = False
    """Whether it learns from the source's labels."""

    def fit(self, X: Any, y: Any = None, target: Any = None) -> Self:
        """Learn from the source and the target.

        Parameters
        ----------
        X : matrix, shape (n, d)
            The source's examples.
        y : array, shape (n,), optional
            Their classes.
        target : matrix, shape (m, d), optional
            The target's examples; those of the constructor if None.
        """
        self._learn(*self._domains(X, y, target))
        return self

    def _learn(self, source: Any, labels: np.ndarray | None, target: Any) -> Any:
        raise NotImplementedError

    def _domains(self, X: Any, y: Any, target: Any) -> tuple[Any, Any, Any]:
        """Source (n, d), labels (n,) or None, and target (m, d), validated; ``n_features_in_`` is set.

        Both are sparse or both dense, as the source was given.
        """
        labels = None
        if self.needs_labels:
            source, labels = validate_data(self, X, y, ensure_min_samples=2, **self._rules())
            refuse_not_classes(labels)
            if len(np.unique(labels)) < 2:
                raise ValueError(f"{type(self).__name__} needs a source with two classes or more; there is one class")
        else:
            source = validate_data(self, X, ensure_min_samples=2, **self._rules())
        refuse_not_finite(source, "the source")
        target = self.target if target is None else target
        if target is None:
            name = type(self).__name__
            raise NoTarget(f"{name} needs the target's examples too: {name}(target=Xt) or fit(X, y, target=Xt)")
        features = check_array(target, input_name="target", estimator=self, **self._rules())
        if features.shape[1] != source.shape[1]:
            raise ValueError(f"the target has {features.shape[1]} features, the source {source.shape[1]}")
        if issparse(features) != issparse(source):
            features = csr_matrix(features) if issparse(source) else features.toarray()
        validate_data(self, target, reset=False, skip_check_array=True)  # the columns' names, where there are any
        refuse_not_finite(features, "the target")
        return source, labels, features

    def _examples(self, X: Any) -> Any:
        """Examples (n, d) for a fitted estimator, validated."""
        check_is_fitted(self)
        features = validate_data(self, X, reset=False, **self._rules())
        refuse_not_finite(features, "X")
        return features

    def _rules(self) -> dict[str, Any]:
        sparse = "csr" if self.takes_sparse else False
        return {"accept_sparse": sparse, "dtype": FLOATS, "ensure_all_finite": False}

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = self.takes_sparse
        tags.target_tags.required = self.needs_labels
        return tags


def refuse_not_classes(labels: np.ndarray) -> None:
    """Raise ``ValueError`` where labels (n,) are real numbers; many classes for few examples are no reason to warn."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The number of unique classes", UserWarning)
        check_classification_targets(labels)


class DomainTransformer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, DomainEstimator):
    """Brings both domains into one space.

    ``fit_transform(X, y, target)`` gives the *source's* place in it, on which a classifier is trained; ``transform(X)``
    gives that of *target* examples, seen or unseen, which the classifier then predicts. In a pipeline, therefore,
    ``fit`` trains on the adapted source and ``predict`` is for the target. :meth:`_learn` returns the adapted source.
    """

    def fit_transform(self, X: Any, y: Any = None, target: Any = None) -> Any:
        """As :meth:`fit`; returns the adapted source, shape (n, d')."""
        return self._learn(*self._domains(X, y, target))

    def transform(self, X: Any) -> Any:
        """Target examples (n, d) in the space of the adapted source, shape (n, d')."""
        return self._move(self._examples(X))

    def transform_source(self, X: Any) -> Any:
        """Further source examples (n, d) in the same space, shape (n, d')."""
        return self._move_source(self._examples(X))

    def _move(self, features: Any) -> Any:
        raise NotImplementedError

    def _move_source(self, features: Any) -> Any:
        """As target examples, unless a subclass moves the domains by different maps."""
        return self._move(features)
