"""The class shares of a run's target, by what a model says of it and of held-out labelled source examples."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from workbench.choosing.candidates import Candidate
from workbench.data.domains import Domain
from workbench.running.outcome import ClassShare, ClassShares
from workbench.scoring.comparing import SIGNIFICANCE, Estimate
from workbench.scoring.shares import ESTIMATORS, LEVEL, Shares, with_interval

OF_PROBABILITIES, OF_CLASSES = "em", "bbse"
"""The estimators of models that give probabilities, and of those that give classes alone."""

SMALLEST = 0.03
"""The smallest difference of a class's share in source and target that is worth a word."""


def class_shares(candidate: Candidate, model: str, gold: Domain | None = None) -> ClassShares:
    """The shares by a candidate with held-out examples, whose name is ``model``; ``gold`` is the labelled target."""
    estimator = OF_PROBABILITIES if candidate.has_probabilities else OF_CLASSES
    labels, names = candidate.held_out_labels(), candidate.predictions.classes
    shares = with_interval(
        ESTIMATORS[estimator],
        candidate.held_out_probabilities(),
        labels,
        candidate.probabilities(),
        candidate.problem.seed,
    )
    source = _shares(labels, len(names))
    actual = _shares(_flat(gold.relabelled(names)), len(names)) if gold is not None else None
    differs = _clear(shares, source, len(labels))
    classes = {
        name: ClassShare(
            source=float(source[c]),
            target=Estimate(float(shares.value[c]), float(shares.low[c]), float(shares.high[c])),
            actual=float(actual[c]) if actual is not None else None,
            differs=bool(differs[c]),
        )
        for c, name in enumerate(names)
    }
    return ClassShares(estimator=estimator, model=model, classes=classes)


def _clear(shares: Shares, source: np.ndarray, n: int) -> np.ndarray:
    """Which classes (C,) have other shares than in the source, of which n examples are known: a z-test of each."""
    deviations = (shares.high - shares.low) / 2 / NormalDist().inv_cdf((1 + LEVEL) / 2)
    errors = np.sqrt(deviations**2 + source * (1 - source) / n)
    critical = NormalDist().inv_cdf(1 - SIGNIFICANCE / 2 / len(source))
    differences = np.abs(shares.value - source)
    return (differences > critical * errors) & (differences >= SMALLEST)


def _flat(domain: Domain) -> np.ndarray:
    """The labels of all examples or tokens (n,)."""
    labels = domain.labels
    return labels if isinstance(labels, np.ndarray) else np.concatenate(labels)


def _shares(labels: np.ndarray, classes: int) -> np.ndarray:
    return np.bincount(labels, minlength=classes) / len(labels)
