"""Correlation alignment."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from pydantic import Field
from sklearn.base import BaseEstimator, TransformerMixin

from wb_subspace.bases import scatter
from wb_subspace.linear import LinearMap
from wb_subspace.roots import root
from wb_subspace.wide import narrow
from workbench.data.domains import Problem
from workbench.methods import memory
from workbench.methods.feature_method import Adapted, FeatureMethod

COPIES = 3.5
"""Peak of a fit over the size of a matrix of features by features, as measured."""


class CorrelationAlignment(TransformerMixin, BaseEstimator):
    """CORAL as a scikit-learn estimator: ``fit(source, target)``; ``transform`` recolours *source* examples.

    Parameters
    ----------
    regularisation : float
        λ, added to the diagonal of both covariances.

    Attributes
    ----------
    recolouring_ : ndarray, shape (d, d)
        A = (C_S + λ I)^(−1/2) (C_T + λ I)^(1/2); a source example x becomes x A.
    """

    def __init__(self, regularisation: float = 1.0) -> None:
        self.regularisation = regularisation

    def fit(self, source: np.ndarray, target: np.ndarray) -> Self:
        whitening = root_of_covariance(source, self.regularisation, -0.5)
        self.recolouring_ = whitening @ root_of_covariance(target, self.regularisation, 0.5)
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        return np.asarray(X @ self.recolouring_)


def root_of_covariance(features: np.ndarray, regularisation: float, power: float) -> np.ndarray:
    """(C + λ I)^power, power 1/2 or −1/2, of the covariance C of features (n, d); shape (d, d).

    With far fewer examples than features the eigenvectors come from the n × n Gram matrix: outside their span the
    root is λ^power times the identity.
    """
    n, d = features.shape
    if 3 * n >= 2 * d:
        return root(scatter(features) / max(n - 1, 1), regularisation, power)
    from scipy.linalg import eigh

    centred = features - features.mean(axis=0)
    values, vectors = eigh(centred @ centred.T, overwrite_a=True, check_finite=False, driver="evd")
    kept = values > values[-1] * 1e-12
    values, vectors = values[kept], (centred.T @ vectors[:, kept]) / np.sqrt(values[kept])
    rest = regularisation**power
    change = (values / max(n - 1, 1) + regularisation) ** power - rest
    # A product with its own transpose costs half; all changes have one sign.
    half = vectors * np.sqrt(np.abs(change))
    found = np.sign(power) * (half @ half.T)
    found[np.diag_indices(d)] += rest
    return np.asarray(found)


class CORAL(FeatureMethod):
    """The source's covariance is made the target's: whitened with its own, recoloured with the target's.

    With a support vector machine the recolouring is used as the authors' code uses it: as the similarity x A zᵀ of
    a source example x with any example z, whose cost C is chosen by cross-validation on the source.

    Differs from the paper
    ----------------------
    With ``--similarity symmetric`` the similarity is made symmetric, (A + Aᵀ) / 2; ``features`` is the paper's text:
    recoloured source features, and any classifier.

    References
    ----------
    Sun, Feng & Saenko (AAAI 2016), Return of frustratingly easy domain adaptation, algorithm 1.
    """

    class Params(FeatureMethod.Params):
        """Settings."""

        classifier: str = Field("svm-cv", description="Classifier of the recoloured source.")
        regularisation: float = Field(1.0, gt=0, le=1e6, description="λ on the diagonal of both covariances.")
        similarity: Literal["authors", "symmetric", "features"] = Field(
            "authors", description="How a support vector machine uses the recolouring; other classifiers: features."
        )

    def needs(self, source: Any, target: Any) -> memory.Need | None:
        """The square matrices of dense features; sparse ones become few directions first."""
        if hasattr(source, "tocsr"):
            return None
        d = source.shape[1]
        return memory.Need(
            f"the covariances of {d:,} features",
            int(COPIES * memory.DOUBLE * d**2),
            chosen="take fewer features, e.g. images of a smaller size, or raise WB_MEMORY",
        )

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        wide, source, target = narrow(source, target, problem.seed)
        recolouring = CorrelationAlignment(self.params.regularisation).fit(source, target).recolouring_
        if self.params.similarity == "features" or self.params.classifier != "svm-cv":
            return Adapted(source @ recolouring, wide.before(LinearMap(np.eye(source.shape[1]))), notes=wide.notes)
        if self.params.similarity == "symmetric":
            recolouring = (recolouring + recolouring.T) / 2
        similar = source @ recolouring
        machine = chosen_machine().fit(similar @ source.T, labels)
        notes = {**wide.notes, "cost": float(machine.best_params_["C"])}
        return Adapted(source, wide.before(LinearMap(similar.T)), classifier=machine.best_estimator_, notes=notes)


def chosen_machine() -> Any:
    """A support vector machine on given similarities, its cost chosen by cross-validation on the source."""
    from sklearn.model_selection import GridSearchCV, StratifiedKFold
    from sklearn.svm import SVC

    from wb_classification.classifiers import COSTS, FOLDS

    return GridSearchCV(SVC(kernel="precomputed"), {"C": COSTS}, cv=StratifiedKFold(FOLDS))
