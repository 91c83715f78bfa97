"""A fitted point of a grid, and what is known of it without target labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.data.domains import Domain, Predictions, Problem
from workbench.data.inputs import Inputs
from workbench.errors import UsageError
from workbench.methods.contract import Model


@dataclass(frozen=True, eq=False)
class Candidate:
    """One fitted point of the grid, and what is known without target labels.

    Attributes
    ----------
    model : Model
    problem : Problem
        What the model was fitted on.
    held_out : Domain or None
        Labelled source examples that were kept from the fit, for selectors that ask for them.
    predictions : Predictions
        On the unlabelled target.
    fit : callable
        Fits the same method with the same settings to another problem.
    """

    model: Model
    problem: Problem
    held_out: Domain | None
    predictions: Predictions
    fit: Callable[[Problem], Model]

    @property
    def classes(self) -> int:
        return len(self.predictions.classes)

    def probabilities(self) -> np.ndarray:
        """(m, C) on the target; of a model that gives none, 1 for the predicted class."""
        return probabilities_of(self.predictions)

    def soft_probabilities(self, selector: str) -> np.ndarray:
        """The same; raises :class:`UsageError` where every probability is 0 or 1 and would say nothing."""
        found = self.probabilities()
        if np.all((found == 0) | (found == 1)):
            raise UsageError(
                f"selector '{selector}' needs probabilities, and this classifier gives none; give --classifier logreg "
                "or a selector that does without: bnm, class-ami, mixval or reverse-validation"
            )
        return found

    def common(self, inputs: Inputs) -> Any:
        """Features of examples of either domain in one space, before adaptation."""
        model = self._feature_model()
        features = inputs if model.featurizer is None else model.featurizer.transform(inputs)
        return model.scaler.transform(features)

    def adapted(self, inputs: Inputs) -> np.ndarray:
        """Adapted features of target examples, dense."""
        found = self._feature_model().features(inputs)
        return np.asarray(found.toarray() if hasattr(found, "toarray") else found)

    def _feature_model(self) -> Any:
        if not hasattr(self.model, "scaler"):
            raise UsageError("this selector is for methods over feature vectors; choose entropy or bnm")
        return self.model


def probabilities_of(predictions: Predictions) -> np.ndarray:
    """(n, C): the given probabilities, or 1 for the predicted class."""
    if predictions.probabilities is not None:
        return np.asarray(predictions.probabilities, dtype=np.float64)
    return np.eye(len(predictions.classes))[predictions.labels]
