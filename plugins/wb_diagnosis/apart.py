"""How well a linear classifier tells the domains apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.data.checks import Check, Finding
from workbench.data.domains import Problem
from workbench.data.inputs import concatenate, kind_of, select
from workbench.errors import UsageError
from workbench.methods.featurizers import choose, new_featurizer
from workbench.methods.measures import proxy_a_distance
from workbench.plugins.loading import Host

CODE = "WB101"

MOST = 2000
"""Examples of each domain that are looked at."""

SATURATED = 1.9
"""A distance from which on hardly any example is taken for one of the other domain."""


class DomainsApart(Check):
    """Measures the proxy A-distance on as many examples of either domain, in the features that ``auto`` takes.

    The interval is that of the classifier's error on held-out examples (normal approximation).
    """

    def check(self, problem: Problem, host: Host) -> Finding:
        source, target = self._sample(problem)
        try:
            source, target = features(source, target, host)
        except UsageError as error:
            return Finding(CODE, "not applicable", f"there is nothing to compare: {error}")
        if min(source.shape[0], target.shape[0]) < 4:
            return Finding(CODE, "not applicable", "a domain has fewer than four examples")
        distance = proxy_a_distance(source, target)
        low, high = interval(distance, source.shape[0] + target.shape[0])
        measured = f"proxy A-distance {distance:.2f} of 2 ({low:.2f} to {high:.2f})"
        if low <= 0:
            return Finding(
                CODE,
                "note",
                f"the domains cannot be told apart: {measured}",
                distance,
                (low, high),
                "There is little to adapt to: expect source-only to do as well.",
            )
        if distance >= SATURATED:
            return Finding(
                CODE,
                "issue",
                f"the domains are always told apart: {measured}",
                distance,
                (low, high),
                "Importance weights cannot help here; look whether a side differs in something that is no "
                "property of the examples, e.g. length or resolution, then try alignment of features.",
            )
        return Finding(CODE, "passed", f"the domains differ and overlap: {measured}", distance, (low, high))

    def _sample(self, problem: Problem) -> tuple[Any, Any]:
        """As many examples of either domain, drawn by the seed: unequal numbers would make one side the safe guess."""
        generator = np.random.default_rng(problem.seed)
        source, target = problem.source, problem.target
        n = min(len(source), len(target), MOST)
        return tuple(select(d.inputs, generator.permutation(len(d))[:n]) for d in (source, target))


def features(source: Any, target: Any, host: Host) -> tuple[Any, Any]:
    """Comparable features of both: those of ``--features auto``, dense ones as z-scores over both."""
    if kind_of(source) != kind_of(target):
        raise UsageError(f"the source holds {kind_of(source)}, the target {kind_of(target)}")
    if kind_of(source) == "images" and not isinstance(source[0], np.ndarray):
        raise UsageError("the examples are of a kind that no featurizer takes")
    try:
        name = choose("auto", source, host)
    except UsageError:
        raise UsageError(f"no featurizer is taken for {kind_of(source)} by itself") from None
    featurizer = new_featurizer(name, host)
    if featurizer is not None:
        featurizer = featurizer.fit_domains(source, target)
        source, target = featurizer.transform(source), featurizer.transform(target)
    if hasattr(source, "tocsr"):
        return source, target
    both = np.asarray(concatenate([source, target]), dtype=np.float64)
    spread = both.std(axis=0)
    scaled = (both - both.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return scaled[: source.shape[0]], scaled[source.shape[0] :]


def interval(distance: float, n: int) -> tuple[float, float]:
    """95 % of the distance 2 (1 − 2 ε) when ε was counted on n held-out examples."""
    error = min(0.5, (2 - distance) / 4)
    # One example more of either outcome keeps the interval open where no example was taken for the other domain.
    smooth = (error * n + 1) / (n + 2)
    half = 4 * 1.96 * np.sqrt(smooth * (1 - smooth) / n)
    return float(max(0.0, distance - half)), float(min(2.0, distance + half))
