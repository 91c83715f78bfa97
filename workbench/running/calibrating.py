"""A temperature for the probabilities of a run's model, from labelled source examples that a copy of it did not see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from workbench.choosing.candidates import Candidate
from workbench.choosing.importance import importance_weights
from workbench.data.domains import Predictions
from workbench.errors import WbError
from workbench.running.copies import Copies
from workbench.running.outcome import Temperature
from workbench.scoring.calibration import Calibration, calibrate, calibration_error

FEWEST = 20
"""Held-out examples below which no temperature is fitted."""


def estimate_temperature(copies: Copies, tell: Callable[[str], None]) -> Temperature | None:
    """The temperature of the adapted model's probabilities, by a copy of it; labels never change by it.

    Where there can be none, ``tell`` is given the reason if the user asked for it.
    """
    asked = copies.run.spec.calibrate
    try:
        if copies.run.data.task.label_kind == "real":
            raise WbError("real labels have no probabilities")
        return temperature_of(copies.of(copies.trial.adapted))
    except WbError as error:
        if asked:
            tell(f"no calibration: {error}")
        return None


def temperature_of(candidate: Candidate) -> Temperature:
    """The temperature that suits a candidate's held-out source examples, weighted to the target where that is sound.

    The error with it is that of each half of the examples with the temperature of the other. Raises :class:`WbError`
    where there are too few examples, or no probabilities.
    """
    assert candidate.held_out is not None, "a copy keeps some source examples from its fit"
    if not candidate.has_probabilities:
        raise WbError("the model gives no probabilities but 0 and 1")
    labels, probabilities = candidate.held_out_labels(), candidate.held_out_probabilities()
    if len(candidate.held_out) < FEWEST:
        raise WbError(f"only {len(candidate.held_out)} labelled source examples could be held out")
    problem = candidate.problem
    by_example = importance_weights(problem.source.inputs, problem.target.inputs, candidate.held_out.inputs)
    lengths = [1 if np.ndim(y) == 0 else len(y) for y in candidate.held_out.labels]
    weights = np.repeat(by_example if by_example is not None else np.ones(len(lengths)), lengths)
    half = np.repeat(np.random.default_rng(problem.seed).permutation(len(lengths)) % 2, lengths)
    crossed = np.empty_like(probabilities)
    for side in (0, 1):
        there, other = half == side, half != side
        crossed[there] = scaled(probabilities[there], _slope(probabilities[other], labels[other], weights[other]))
    return Temperature(
        temperature=1 / _slope(probabilities, labels, weights),
        weighted=by_example is not None,
        examples=len(lengths),
        error_before=calibration_error(probabilities, labels, weights),
        error=calibration_error(crossed, labels, weights),
    )


def with_temperature(predictions: Predictions, fitted: Temperature | None) -> Predictions:
    """The same labels with probabilities at that temperature; none leaves everything as it is."""
    if fitted is None or predictions.probabilities is None:
        return predictions
    slope, given = 1 / fitted.temperature, predictions.probabilities
    of_all = scaled(given, slope) if isinstance(given, np.ndarray) else [scaled(rows, slope) for rows in given]
    return replace(predictions, probabilities=of_all)


def scaled(probabilities: np.ndarray, slope: float) -> np.ndarray:
    """(n, C): softmax(slope · log p)."""
    if not len(probabilities):
        return probabilities
    return Calibration(slope, np.zeros(probabilities.shape[1])).apply(probabilities)


def _slope(probabilities: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> float:
    """1 / T; kept above 0, so that the order of the classes stays."""
    return max(calibrate(probabilities, labels, weights, biases=False).slope, 0.01)
