"""Classifiers for adapted features: each a function of the seed that returns an unfitted estimator."""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
from sklearn.model_selection import GridSearchCV, StratifiedKFold

from workbench.errors import UsageError

COSTS = [0.001, 0.01, 0.1, 1.0, 10.0, 100.0]
FOLDS = 2
"""What a classifier's cost is chosen from, and in how many folds, as Sun et al. (AAAI 2016) choose it."""


class StratifiedSearch(GridSearchCV):
    """A search over folds that hold every class in its share; it takes classes, and at least two that can be split."""

    def fit(self, X: Any, y: Any, **params: Any) -> Self:
        sizes = np.unique(y, return_counts=True)[1]
        if np.asarray(y).dtype.kind == "f" or np.count_nonzero(sizes >= FOLDS) < 2:
            raise UsageError(
                f"a classifier that chooses its cost in {FOLDS} folds needs two classes of {FOLDS} labelled examples "
                "each; give more, or a --classifier without -cv"
            )
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "The least populated class", UserWarning)
            super().fit(X, y, **params)
        return self


def logistic_regression(seed: int) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=1000, random_state=seed)


def tuned_logistic_regression(seed: int) -> Any:
    """Logistic regression with its cost C chosen by cross-validation on the labelled examples it is trained on."""
    return StratifiedSearch(logistic_regression(seed), {"C": COSTS}, cv=StratifiedKFold(FOLDS))


def support_vector_machine(seed: int) -> Any:
    """Linear kernel, one against one (LIBSVM): the support vector machine of the field's published tables."""
    from sklearn.svm import SVC

    return SVC(kernel="linear", random_state=seed)


def tuned_support_vector_machine(seed: int) -> Any:
    """The same with its cost C chosen by cross-validation on the labelled examples it is trained on."""
    return StratifiedSearch(support_vector_machine(seed), {"C": COSTS}, cv=StratifiedKFold(FOLDS))


def linear_support_vector_machine(seed: int) -> Any:
    """One against the rest, squared hinge (LIBLINEAR): for many examples or sparse features."""
    from sklearn.svm import LinearSVC

    return LinearSVC(random_state=seed)


def nearest_neighbour(seed: int) -> Any:
    """1-NN, Euclidean: the classifier of the field's published tables."""
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(n_neighbors=1)
