"""The task's plain method, fitted on a part of the source, and what is estimated of its accuracy on the target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.choosing.candidates import Candidate
from workbench.choosing.estimators import CannotTell, Estimator, lacking
from workbench.choosing.grid import hold_out
from workbench.data.checks import NotApplicable
from workbench.data.domains import Problem
from workbench.data.pairs import Pair
from workbench.methods.variants import choose_variant, make
from workbench.progress import Progress

SENTENCES = 600
"""Sentences of the source that a tagger is fitted on, so that it is quick."""


@dataclass(frozen=True)
class Estimated:
    """An estimated accuracy with its 90 % interval, by what, of what, and its accuracy on held-out source examples."""

    value: float
    interval: tuple[float, float]
    estimator: str
    method: str
    held_out: float


def estimated_accuracy(pair: Pair) -> Estimated:
    """Fit the task's plain method on four fifths of the sample and ask the task's deciding estimator.

    Raises :class:`NotApplicable` where the task has neither, or the estimator would only guess.
    """
    name, method = getattr(pair.task, "estimator", "") or "average-confidence", pair.task.reference
    if not method:
        raise NotApplicable(f"{pair.problem.task} has no plain method")
    estimator: Estimator = pair.host.estimators.get(name).load()()
    candidate = _candidate(pair, method)
    missing = lacking(estimator, candidate)
    if missing:
        raise NotApplicable(f"the estimator {name} {missing}")
    try:
        estimate = estimator.estimate(candidate)
    except CannotTell as error:
        raise NotApplicable(str(error)) from None
    held_out = candidate.held_out
    assert held_out is not None
    labels, predicted = held_out.labels, candidate.model.predict(held_out.inputs).labels
    if pair.task.label_kind == "sequence":
        labels, predicted = np.concatenate(labels), np.concatenate(predicted)
    right = float(np.mean(np.asarray(labels) == np.asarray(predicted)))
    return Estimated(estimate.value, (estimate.low, estimate.high), name, method, right)


def _candidate(pair: Pair, method: str) -> Candidate:
    source = pair.source
    if pair.task.label_kind == "sequence":
        source = source.take(np.arange(min(SENTENCES, len(source))))
    problem = Problem(pair.problem.task, (source,), pair.target, transductive=True, seed=pair.seed)
    kept, held_out = hold_out(problem, pair.task.label_kind, pair.host)
    made = make(choose_variant(pair.host, method, (), kept), {}, pair.host)
    model = made.fit(kept, Progress())
    predictions = model.predict(pair.target.inputs)
    kind = pair.task.label_kind
    return Candidate(model, kept, held_out, predictions, lambda other: made.fit(other, Progress()), kind)
