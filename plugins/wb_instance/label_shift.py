"""Label shift: the classes' shares are estimated on the target, and the classifier is set right for them."""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np
from pydantic import Field
from sklearn.base import ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import FunctionTransformer

from wb_instance.reweighting import check_takes_weights, described
from wb_instance.weights import SMALLEST
from workbench.data.domains import Problem
from workbench.errors import UsageError
from workbench.methods.estimator import DomainEstimator
from workbench.methods.feature_method import Adapted, FeatureMethod
from workbench.scoring.calibration import Calibration, calibrate, logarithms, softmax
from workbench.scoring.shares import ESTIMATORS, calibrated

Estimator = Literal["em", "bbse", "bbse-soft", "rlls"]
Correction = Literal["predictions", "retrain", "both"]


class LabelShiftClassifier(ClassifierMixin, DomainEstimator):
    """A classifier for a target whose classes have other shares, p_T(y) ≠ p_S(y), and the same p(x | y).

    Parameters
    ----------
    estimator : {"em", "bbse", "bbse-soft", "rlls"}
        Of the target's class shares.
    correct : {"predictions", "retrain", "both"}
        What is set right for them.
    folds : int
        Of the cross-fitting that gives every source example probabilities of a classifier which did not see it.
    random_state : int
    classifier : estimator, optional
        Clones of it are trained; logistic regression if None. To be trained again it must take ``sample_weight``.
    target : matrix, shape (m, d), optional
        The target's examples where ``fit`` is given none.

    Attributes
    ----------
    classes_ : ndarray, shape (C,)
    source_shares_, shares_ : ndarray, shape (C,)
        Of the classes in the source, and as estimated in the target.
    weights_ : ndarray, shape (n,)
        Of the source examples: share in the target over share in the source of their class.
    classifier_ : estimator
    slope_, biases_ : float and ndarray, shape (C,)
        Its probabilities p become softmax(slope · log p + biases): calibrated, and right for the target's shares.

    References
    ----------
    Saerens, Latinne & Decaestecker (Neural Computation 2002), Adjusting the outputs of a classifier to new a priori
    probabilities; Lipton, Wang & Smola (ICML 2018), Detecting and correcting for label shift with black box predictors.
    """

    takes_sparse = True
    needs_labels = True

    def __init__(
        self,
        estimator: Estimator = "em",
        correct: Correction = "predictions",
        folds: int = 5,
        random_state: int = 0,
        classifier: Any = None,
        target: Any = None,
    ) -> None:
        self.estimator = estimator
        self.correct = correct
        self.folds = folds
        self.random_state = random_state
        self.classifier = classifier
        self.target = target

    def _learn(self, source: Any, labels: Any, target: Any) -> None:
        self.classes_, positions = np.unique(labels, return_inverse=True)
        plain = LogisticRegression(max_iter=1000) if self.classifier is None else self.classifier
        held_out = self._cross_fitted(plain, source, labels, None)
        self.classifier_ = clone(plain).fit(source, labels)
        self.shares_ = ESTIMATORS[self.estimator](held_out, positions, self._raw(self.classifier_, target))
        self.source_shares_ = np.bincount(positions) / len(positions)
        self.weights_ = (self.shares_ / self.source_shares_)[positions]
        self.slope_, self.biases_ = 1.0, np.zeros(len(self.classes_))
        if self.correct == "predictions":
            calibration, prior = calibrated(held_out, positions)
            self.slope_ = calibration.slope
            self.biases_ = calibration.biases + logarithms(self.shares_) - logarithms(prior)
            return
        weights = np.maximum(self.weights_, SMALLEST)
        self.classifier_ = clone(plain).fit(source, labels, sample_weight=weights)
        if self.correct == "both":
            calibration = calibrate(self._cross_fitted(plain, source, labels, weights), positions, weights)
            self.slope_, self.biases_ = calibration.slope, calibration.biases

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities (n, C) for the target's class shares."""
        features = self._examples(X)
        return Calibration(self.slope_, self.biases_).apply(self._raw(self.classifier_, features))

    def predict(self, X: Any) -> np.ndarray:
        best = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def _cross_fitted(self, plain: Any, source: Any, labels: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
        """Probabilities (n, C) of each source example by a clone that was trained on the other folds."""
        most = int(np.unique(labels, return_counts=True)[1].max())
        folds = StratifiedKFold(min(self.folds, most), shuffle=True, random_state=self.random_state)
        probabilities = np.empty((len(labels), len(self.classes_)))
        with warnings.catch_warnings():  # a class with one example is held out once, and unknown to that fold's clone
            warnings.filterwarnings("ignore", "The least populated class", UserWarning)
            splits = list(folds.split(np.zeros(len(labels)), labels))
        for rest, held in splits:
            given = {} if weights is None else {"sample_weight": weights[rest]}
            probabilities[held] = self._raw(clone(plain).fit(source[rest], labels[rest], **given), source[held])
        return probabilities

    def _raw(self, classifier: Any, features: Any) -> np.ndarray:
        """What a classifier says, as probabilities (n, C): its own, else the softmax of its decision values."""
        if hasattr(classifier, "predict_proba"):
            of_classifier = np.asarray(classifier.predict_proba(features))
        else:
            decided = np.asarray(classifier.decision_function(features))
            of_classifier = softmax(np.stack([-decided, decided], axis=1) if decided.ndim == 1 else decided)
        probabilities = np.zeros((len(of_classifier), len(self.classes_)))
        probabilities[:, np.searchsorted(self.classes_, classifier.classes_)] = of_classifier
        return probabilities


class LabelShift(FeatureMethod):
    """The classes' shares in the target are estimated, and the classifier is set right for them.

    It assumes label shift: the shares p(y) differ between the domains, the examples of a class do not,
    p_S(x | y) = p_T(x | y). Then p_T(y | x) ∝ p_S(y | x) · q_y / π_y, with the source's shares π and the target's q,
    and the loss on the target is that on the source with the weight w_y = q_y / π_y for each example.

    The shares come from a classifier's probabilities p(x) on the target, and on source examples that it was not trained
    on (cross-fitting):

    - ``em``: q of greatest likelihood, q_y ← mean over the target of q_y r_y(x) / Σ_k q_k r_k(x), r = p / π, where p is
      calibrated as softmax(log p / T + b) on the held-out source;
    - ``bbse``: w solves C w = μ, where C[i, j] is the share of held-out examples that are of class j and called i, and
      μ[i] that of target examples called i; ``bbse-soft`` with probabilities in the place of calls;
    - ``rlls``: w = 1 + θ ≥ 0, where θ minimises ‖C θ − (μ − C 1)‖ + ρ ‖θ‖: with little to go by, little moves.

    ``--correct predictions`` multiplies the calibrated probabilities by q / π; ``retrain`` trains the classifier on the
    source with weights w; ``both`` trains so and then calibrates the probabilities on the weighted held-out source.

    Differs from the paper
    ----------------------
    Held-out examples come from five folds of the source, not from a part that is kept aside: no label is lost. The
    calibration has a weak ridge. Negative shares of BBSE count as 0. γ of RLLS is 1, ρ that of its authors' code. A
    classifier without probabilities gives the softmax of its decision values.

    References
    ----------
    Saerens, Latinne & Decaestecker (Neural Computation 2002), Adjusting the outputs of a classifier to new a priori
    probabilities, eq. 2.4 and 2.9; Alexandari, Kundaje & Shrikumar (ICML 2020), Maximum likelihood with bias-corrected
    calibration is hard-to-beat at label shift adaptation; Lipton, Wang & Smola (ICML 2018), Detecting and correcting
    for label shift with black box predictors; Azizzadenesheli, Liu, Yang & Anandkumar (ICLR 2019), Regularized learning
    for domain adaptation under label shifts.
    """

    several_sources = (
        "each scaled by itself where the scaling is within domains, then pooled: a class has one share over all of them"
    )

    own_classifier = "logreg"

    class Params(FeatureMethod.Params):
        """Settings."""

        estimator: Estimator = Field("em", description="Of the target's class shares.")
        correct: Correction = Field(
            "predictions",
            description="Set right for those shares: the predictions, the classifier by training it again on the "
            "weighted source, or it and then its probabilities.",
        )
        folds: int = Field(5, ge=2, le=100, description="Folds of the source for probabilities of unseen examples.")

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        plain, name = self.new_classifier(problem), self.classifier_name(problem)
        if self.params.correct != "predictions":
            check_takes_weights(plain, name)
        if not hasattr(plain, "predict_proba") and not hasattr(plain, "decision_function"):
            raise UsageError(f"--classifier {name} gives no probabilities; give one that does, e.g. logreg")
        classifier = LabelShiftClassifier(
            self.params.estimator, self.params.correct, self.params.folds, problem.seed, plain
        ).fit(source, labels, target=target)
        names = [problem.classes[label] for label in classifier.classes_]
        notes = {
            "source_shares": _rounded(names, classifier.source_shares_),
            "target_shares": _rounded(names, classifier.shares_),
            **described(classifier.weights_),
        }
        return Adapted(source, FunctionTransformer(accept_sparse=True).fit(target), classifier=classifier, notes=notes)


def _rounded(names: list[str], shares: np.ndarray) -> dict[str, float]:
    return {name: round(float(share), 4) for name, share in zip(names, shares, strict=True)}
