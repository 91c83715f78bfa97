"""Probabilities for a model that gives none: a logistic head over the same adapted features."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from wb_selection.estimators.accuracy import Accuracy, with_errors
from wb_selection.estimators.audited import audited
from wb_selection.estimators.evidence import Evidence, of_predicted
from wb_selection.estimators.threshold import thresholded
from workbench.choosing.candidates import Candidate
from workbench.choosing.estimators import CannotTell, Estimator
from workbench.methods.feature_model import FeatureModel
from workbench.scoring.comparing import Estimate


class HeadAgreement(Estimator):
    """Takes the held-out accuracy, times how much less often a logistic head agrees with the model on the target.

    accuracy = held-out accuracy × agreement on the target / agreement on held-out source examples. The head is
    logistic regression on the model's adapted source features: a second opinion of another kind, which two trainings
    of one deterministic method are not. Needs no probabilities.

    References
    ----------
    Baek, Jiang, Raghunathan & Kolter (NeurIPS 2022), Agreement-on-the-line: predicting the performance of neural
    networks under distribution shift; Jiang, Nagarajan, Baek & Kolter (ICLR 2022).

    Differs from the papers
    -----------------------
    Two classifiers of different kinds over the same features, and a ratio in the place of a line over many models.
    """

    name = "head"
    needs_held_out = True
    needs_features = True

    def estimate(self, candidate: Candidate) -> Estimate:
        evidence = with_head(candidate)
        accuracy = head_agreement(evidence)
        return with_errors(accuracy.value, accuracy.standard_error(evidence), audited().errors_of(self.name))


def head_agreement(evidence: Evidence) -> Accuracy:
    """The estimate from predictions of the model and probabilities of the head."""
    held_out = np.asarray(evidence.held_out.argmax(axis=1) == evidence.held_out_predicted, dtype=np.float64)
    target = np.asarray(evidence.target.argmax(axis=1) == evidence.target_predicted, dtype=np.float64)
    if not held_out.any():
        raise CannotTell("a logistic head over the model's features never agrees with it, not even on the source")
    right, agreed = float(evidence.right.mean()), float(held_out.mean())
    value = right * float(target.mean()) / agreed
    of_held_out = (evidence.right - held_out * right / agreed) * target.mean() / agreed
    return Accuracy(value, of_held_out, target * right / agreed)


def head_threshold(evidence: Evidence) -> Accuracy:
    """ATC with the head's probability of the model's prediction as the score."""
    held_out, target = evidence.softened
    of_held_out = of_predicted(held_out, evidence.held_out_predicted)
    return thresholded(of_held_out, evidence.right, of_predicted(target, evidence.target_predicted))


def with_head(candidate: Candidate) -> Evidence:
    """The model's predictions with the probabilities of a logistic head over its adapted features.

    Raises :class:`CannotTell` where the model has no features.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = candidate.model
    if not isinstance(model, FeatureModel) or candidate.held_out is None:
        raise CannotTell("the model gives no probabilities, and no features for a second opinion")
    evidence, source = Evidence.of(candidate), candidate.problem.source
    features, labels = model.source_features(source.inputs), np.asarray(source.relabelled(model.classes).labels)
    scaler = StandardScaler(with_mean=not hasattr(features, "tocsr"))
    head = make_pipeline(scaler, LogisticRegression(max_iter=300)).fit(features, labels)

    def probabilities(adapted: Any) -> np.ndarray:
        given = np.zeros((adapted.shape[0], len(model.classes)))
        given[:, head.classes_] = head.predict_proba(adapted)
        return given

    held_out = probabilities(model.source_features(candidate.held_out.inputs))
    return replace(evidence, held_out=held_out, target=probabilities(model.features(candidate.problem.target.inputs)))
