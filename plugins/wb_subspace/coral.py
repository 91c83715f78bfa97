"""Correlation alignment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from pydantic import Field
from sklearn.base import OneToOneFeatureMixin

from wb_subspace.bases import scatter
from wb_subspace.linear import LinearMap
from wb_subspace.roots import root
from wb_subspace.wide import narrow
from workbench.data.domains import Problem
from workbench.methods import memory
from workbench.methods.estimator import DomainTransformer
from workbench.methods.feature_method import Adapted, FeatureMethod

COPIES = 3.5
"""Peak of a fit over the size of a matrix of features by features, as measured."""

MANY = 3_000
"""Dense features from which on a fit takes long enough for a word: its time grows with their cube."""


class CorrelationAlignment(OneToOneFeatureMixin, DomainTransformer):
    """CORAL as a scikit-learn estimator: the source is recoloured, the target stays as it is.

    Parameters
    ----------
    regularisation : float
        λ, added to the diagonal of both covariances.
    target : matrix, shape (m, d), optional
        The target's examples where ``fit`` is given none.

    Attributes
    ----------
    recolouring_ : ndarray, shape (d, d)
        A = (C_S + λ I)^(−1/2) (C_T + λ I)^(1/2); a source example x becomes x A.

    References
    ----------
    Sun, Feng & Saenko (AAAI 2016), Return of frustratingly easy domain adaptation, algorithm 1.
    """

    def __init__(self, regularisation: float = 1.0, target: Any = None) -> None:
        self.regularisation = regularisation
        self.target = target

    def _learn(self, source: np.ndarray, labels: np.ndarray | None, target: np.ndarray) -> np.ndarray:
        whitening = root_of_covariance(source, self.regularisation, -0.5)
        self.recolouring_ = whitening @ root_of_covariance(target, self.regularisation, 0.5)
        return self._move_source(source)

    def _move(self, features: np.ndarray) -> np.ndarray:
        return features

    def _move_source(self, features: np.ndarray) -> np.ndarray:
        return np.asarray(features @ self.recolouring_)


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
    matrix_power = np.sign(power) * (half @ half.T)
    matrix_power[np.diag_indices(d)] += rest
    return np.asarray(matrix_power)


class CORAL(FeatureMethod):
    """The source's covariance is made the target's: whitened with its own, recoloured with the target's.

    With ``--classifier svm`` or ``svm-cv`` the recolouring is used as the authors' code uses it: as the similarity
    x A zᵀ of a source example x with any example z; ``svm-cv`` chooses the cost C by cross-validation on the source.

    Differs from the paper
    ----------------------
    The similarity of ``svm`` and ``svm-cv`` is that of the authors' code. With ``--similarity symmetric`` it is made
    symmetric, (A + Aᵀ) / 2; ``features`` is the paper's text: recoloured source features, and any classifier. Sparse
    features are brought to 500 singular directions first.

    References
    ----------
    Sun, Feng & Saenko (AAAI 2016), Return of frustratingly easy domain adaptation, algorithm 1.
    """

    class Params(FeatureMethod.Params):
        """Settings."""

        regularisation: float = Field(1.0, gt=0, le=1e6, description="λ on the diagonal of both covariances.")
        similarity: Literal["authors", "symmetric", "features"] = Field(
            "authors", description="How svm and svm-cv use the recolouring; other classifiers take the features."
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

    def caution(self, source: Any, target: Any) -> str:
        d = source.shape[1]
        if hasattr(source, "tocsr") or d < MANY:
            return ""
        return (
            f"the covariances of {d:,} features are multiplied and taken roots of, which takes minutes; fewer features "
            "are quicker, e.g. --features pixels:32 or a network's"
        )

    own_classifier = "svm-cv"

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        wide, source, target = narrow(source, target, problem.seed)
        alignment = CorrelationAlignment(self.params.regularisation)
        recoloured = alignment.fit_transform(source, target=target)
        name, similarity = self.classifier_name(problem), self.params.similarity
        if similarity == "features" or name not in SIMILARITY_MACHINES:
            warnings: tuple[str, ...] = ()
            if similarity != "features" and "similarity" in self.params.model_fields_set:
                machines = " and ".join(SIMILARITY_MACHINES)
                warnings = (f"--similarity {similarity} is for {machines}; {name} took the recoloured features",)
            identity = wide.before(LinearMap(np.eye(source.shape[1])))
            recolouring = wide.before(LinearMap(alignment.recolouring_))
            return Adapted(recoloured, identity, None, None, wide.notes, warnings, recolouring)
        if similarity == "symmetric":
            recoloured = source @ ((alignment.recolouring_ + alignment.recolouring_.T) / 2)
        machine = SIMILARITY_MACHINES[name]().fit(recoloured @ source.T, labels)
        notes, searched = wide.notes, hasattr(machine, "best_estimator_")
        if searched:
            notes = {**notes, "cost": float(machine.best_params_["C"])}
            machine = machine.best_estimator_
        return Adapted(source, wide.before(LinearMap(recoloured.T)), classifier=machine, notes=notes)


def machine() -> Any:
    """A support vector machine on given similarities."""
    from sklearn.svm import SVC

    return SVC(kernel="precomputed")


def chosen_machine() -> Any:
    """The same, its cost chosen by cross-validation on the source."""
    from wb_classification.cost_search import CostSearch

    return CostSearch(machine())


SIMILARITY_MACHINES: dict[str, Callable[[], Any]] = {"svm": machine, "svm-cv": chosen_machine}
"""The classifiers that take the recolouring as a similarity."""
