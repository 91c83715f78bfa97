"""The class shares of a run's target, by what a model says of it and of held-out labelled source examples."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np

from workbench.choosing.candidates import Candidate
from workbench.data.domains import Domain
from workbench.errors import WbError
from workbench.running.copies import Copies
from workbench.running.outcome import ClassShare, ClassShares
from workbench.scoring.comparing import SIGNIFICANCE, Estimate
from workbench.scoring.shares import ESTIMATORS, LEVEL, Shares, with_interval

OF_PROBABILITIES, OF_CLASSES = "em", "bbse"
"""The estimators of models that give probabilities, and of those that give classes alone."""

SMALLEST = 0.03
"""The smallest difference of a class's share in source and target that is worth a word."""


def estimate_shares(copies: Copies, tell: Callable[[str], None]) -> ClassShares | None:
    """The shares by the run's method, a copy of which learns without a fifth of the source.

    Where they cannot be estimated, ``tell`` is given the reason in a line.
    """
    adapted, gold = copies.trial.adapted, copies.trial.gold
    try:
        candidate = copies.of(adapted)
    except WbError as error:
        tell(f"no class shares: {error}")
        return None
    shares = class_shares(candidate, adapted.fitted.entry.name, gold.domain if gold is not None else None)
    if shares is None:
        tell(f"no class shares: {copies.run.data.task_name} has no classes")
    return shares


def class_shares(candidate: Candidate, model: str, gold: Domain | None = None) -> ClassShares | None:
    """The shares by a candidate with held-out examples, whose name is ``model``; ``gold`` is the labelled target.

    None where there are no classes, or no held-out examples.
    """
    if candidate.label_kind == "real" or candidate.held_out is None:
        return None
    estimator = OF_PROBABILITIES if candidate.has_probabilities else OF_CLASSES
    labels, names = candidate.held_out_labels(), candidate.predictions.classes
    shares = with_interval(
        ESTIMATORS[estimator],
        candidate.held_out_probabilities(),
        labels,
        candidate.probabilities(),
        candidate.problem.seed,
    )
    source = np.bincount(labels, minlength=len(names)) / len(labels)
    actual = _shares_in(gold) if gold is not None else None
    differs = _clear(shares, source, len(labels))
    classes = {
        name: ClassShare(
            source=float(source[c]),
            target=Estimate(float(shares.value[c]), float(shares.low[c]), float(shares.high[c])),
            actual=actual.get(name, 0.0) if actual is not None else None,
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


def _shares_in(gold: Domain) -> dict[str, float]:
    """The share of every class among the labels of a domain, which may have classes that the source lacks."""
    labels = gold.labels if isinstance(gold.labels, np.ndarray) else np.concatenate(gold.labels)
    counts = np.bincount(labels, minlength=len(gold.classes))
    return {name: float(n) / len(labels) for name, n in zip(gold.classes, counts, strict=True)}
