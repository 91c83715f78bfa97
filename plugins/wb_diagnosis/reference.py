"""The task's plain method, fitted on a part of the source, and what is estimated of its accuracy on the target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wb_diagnosis.classification import classified
from workbench.choosing.candidates import Candidate
from workbench.choosing.estimators import CannotTell, Estimator, lacking
from workbench.choosing.grid import hold_out
from workbench.data.checks import NotApplicable
from workbench.data.domains import Problem
from workbench.data.pairs import Pair
from workbench.methods.variants import choose_variant, make
from workbench.progress import Progress

EXAMPLES, SENTENCES = 1000, 400
"""Examples and sentences of either sample that the plain method is given, so that it is quick."""


@dataclass(frozen=True)
class Estimated:
    """An estimated accuracy with its 90 % interval, by which estimator, of which method, and its accuracy on held-out
    source examples."""

    value: float
    interval: tuple[float, float]
    estimator: str
    method: str
    held_out: float


def estimated_accuracy(pair: Pair) -> Estimated:
    """Ask the task's deciding estimator of the task's plain method, fitted on four fifths of a part of the sample.

    Where there is little time, or the estimator needs what that method does not give, it is the mean confidence of a
    light linear classifier. Raises :class:`NotApplicable` where the labels are real numbers or an estimator would only
    guess.
    """
    if pair.task.label_kind == "real":
        raise NotApplicable("the labels are real numbers")
    if pair.fast or not pair.task.reference or not pair.task.estimator:
        return _by_confidence(pair)
    estimator: Estimator = pair.host.estimators.get(pair.task.estimator).load()()
    candidate = _candidate(pair, pair.task.reference)
    if lacking(estimator, candidate):
        return _by_confidence(pair)
    try:
        estimate = estimator.estimate(candidate)
    except CannotTell as error:
        raise NotApplicable(str(error)) from None
    right = _accuracy(candidate)
    return Estimated(estimate.value, (estimate.low, estimate.high), pair.task.estimator, pair.task.reference, right)


def _by_confidence(pair: Pair) -> Estimated:
    """The mean of the greatest calibrated probabilities of the target, and its 90 % interval."""
    given = pair.computed(classified)
    greatest = given.target.max(axis=1)
    value, half = float(greatest.mean()), 1.645 * float(greatest.std() / np.sqrt(len(greatest)))
    interval = max(0.0, value - half), min(1.0, value + half)
    return Estimated(value, interval, "mean confidence", "a linear classifier", given.accuracy)


def _accuracy(candidate: Candidate) -> float:
    """On the held-out source examples, or their tokens."""
    held_out = candidate.held_out
    assert held_out is not None
    labels, predicted = held_out.labels, candidate.model.predict(held_out.inputs).labels
    if candidate.label_kind == "sequence":
        labels, predicted = np.concatenate(labels), np.concatenate(predicted)
    return float(np.mean(np.asarray(labels) == np.asarray(predicted)))


def _candidate(pair: Pair, method: str) -> Candidate:
    most = SENTENCES if pair.task.label_kind == "sequence" else EXAMPLES
    generator = np.random.default_rng(pair.seed)
    source, target = (d.take(generator.permutation(len(d))[:most]) for d in (pair.source, pair.target))
    problem = Problem(pair.problem.task, (source,), target, transductive=True, seed=pair.seed)
    kept, held_out = hold_out(problem, pair.task.label_kind, pair.host)
    made = make(choose_variant(pair.host, method, (), kept), {}, pair.host)
    model = made.fit(kept, Progress())
    predictions = model.predict(target.inputs)
    kind = pair.task.label_kind
    return Candidate(model, kept, held_out, predictions, lambda other: made.fit(other, Progress()), kind)
