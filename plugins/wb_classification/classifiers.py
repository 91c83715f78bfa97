"""Classifiers for adapted features: each a function of the seed that returns an unfitted estimator."""

from __future__ import annotations

from typing import Any


def logistic_regression(seed: int) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=1000, random_state=seed)


def tuned_logistic_regression(seed: int) -> Any:
    """Logistic regression with its cost C chosen by cross-validation on the labelled examples it is trained on."""
    from wb_classification.cost_search import CostSearch

    return CostSearch(logistic_regression(seed))


def support_vector_machine(seed: int) -> Any:
    """Linear kernel, one against one (LIBSVM): the support vector machine of the field's published tables."""
    from sklearn.svm import SVC

    return SVC(kernel="linear", random_state=seed)


def tuned_support_vector_machine(seed: int) -> Any:
    """The same with its cost C chosen by cross-validation on the labelled examples it is trained on."""
    from wb_classification.cost_search import CostSearch

    return CostSearch(support_vector_machine(seed))


def linear_support_vector_machine(seed: int) -> Any:
    """One against the rest, squared hinge (LIBLINEAR): for many examples or sparse features."""
    from sklearn.svm import LinearSVC

    return LinearSVC(random_state=seed)


def nearest_neighbour(seed: int) -> Any:
    """1-NN, Euclidean: the classifier of the field's published tables."""
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(n_neighbors=1)
