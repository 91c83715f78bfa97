"""A fitted model, and what is known of it without target labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from workbench.data.domains import Domain, Predictions, Problem
from workbench.data.inputs import Inputs, LabelKind
from workbench.methods.contract import Model
from workbench.methods.feature_model import FeatureModel


@dataclass(frozen=True, eq=False)
class Candidate:
    """One fitted model, such as a point of a grid, and what is known without target labels.

    Attributes
    ----------
    model : Model
    problem : Problem
        What the model was fitted on.
    held_out : Domain or None
        Labelled source examples that were kept from the fit, for selectors and estimators that ask for them.
    predictions : Predictions
        On the unlabelled target.
    fit : callable
        Fits the same method with the same settings to another problem.
    label_kind : {"classes", "sequence", "real"}
        Of the task.
    """

    model: Model
    problem: Problem
    held_out: Domain | None
    predictions: Predictions
    fit: Callable[[Problem], Model]
    label_kind: LabelKind = "classes"

    @property
    def classes(self) -> int:
        return len(self.predictions.classes)

    @property
    def has_probabilities(self) -> bool:
        """Whether the model is ever in doubt: some probability is neither 0 nor 1."""
        probabilities = self.probabilities()
        return bool(np.any((probabilities != 0) & (probabilities != 1)))

    @property
    def has_features(self) -> bool:
        """Whether the model is one over feature vectors."""
        return isinstance(self.model, FeatureModel)

    def probabilities(self) -> np.ndarray:
        """(m, C) on the target's examples or tokens; of a model that gives none, 1 for the predicted class."""
        return probabilities_of(self.predictions)

    @cached_property
    def held_out_predictions(self) -> Predictions:
        """On the labelled source examples that were kept from the fit."""
        assert self.held_out is not None, "who asks must say needs_held_out"
        return self.model.predict_source(self.held_out.inputs)

    def held_out_probabilities(self) -> np.ndarray:
        """(h, C) on the held-out source examples or their tokens, as :meth:`probabilities`."""
        return probabilities_of(self.held_out_predictions)

    def held_out_labels(self) -> np.ndarray:
        """(h,) class ids of the held-out source examples or their tokens, over the predictions' classes."""
        assert self.held_out is not None, "who asks must say needs_held_out"
        labels = self.held_out.relabelled(self.held_out_predictions.classes).labels
        return labels if isinstance(labels, np.ndarray) else np.concatenate(labels)

    def common(self, inputs: Inputs) -> Any:
        """Features of examples of either domain in one space, before adaptation."""
        model = self._feature_model()
        features = inputs if model.featurizer is None else model.featurizer.transform(inputs)
        return model.scaler.transform(features)

    def adapted(self, inputs: Inputs) -> np.ndarray:
        """Adapted features of target examples, dense."""
        features = self._feature_model().features(inputs)
        return np.asarray(features.toarray() if hasattr(features, "toarray") else features)

    def classify(self, features: np.ndarray) -> np.ndarray:
        """Labels (n,) of adapted features (n, d)."""
        return np.asarray(self._feature_model().classifier.predict(features))

    def _feature_model(self) -> FeatureModel:
        assert isinstance(self.model, FeatureModel), "the selector must say needs_features"
        return self.model


def probabilities_of(predictions: Predictions) -> np.ndarray:
    """(n, C): the given probabilities, or 1 for the predicted class; for sequences a row for each token."""
    labels, probabilities = predictions.labels, predictions.probabilities
    if not isinstance(labels, np.ndarray):
        labels = np.concatenate(labels)
        probabilities = None if probabilities is None else np.concatenate(probabilities)
    if probabilities is not None:
        return np.asarray(probabilities, dtype=np.float64)
    return np.eye(len(predictions.classes))[labels]
