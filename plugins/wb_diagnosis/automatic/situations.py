"""What kind of pair it is: that decides what is worth trying, and in which order."""

from __future__ import annotations

from typing import Literal

import numpy as np

from workbench.data.domains import Problem
from workbench.data.inputs import LabelKind, count, kind_of
from workbench.errors import UsageError

Situation = Literal["texts", "images", "vectors", "shares", "sparse", "sentences"]
"""``vectors`` are dense with negative values, ``shares`` dense without (histograms, pixels, counts)."""


def situation_of(problem: Problem, label_kind: LabelKind) -> Situation:
    """The situation of a pair. Raises :class:`UsageError` for labels or inputs that there is no plan for."""
    inputs = problem.sources[0].inputs
    kind = kind_of(inputs)
    if label_kind == "sequence" and kind == "sentences":
        return "sentences"
    if label_kind == "classes" and kind == "texts":
        return "texts"
    if label_kind == "classes" and kind == "images" and isinstance(inputs[0], np.ndarray):
        return "images"
    if label_kind == "classes" and kind == "matrix":
        return _of_matrix(inputs, problem.target.inputs)
    raise UsageError(f"there is nothing to try by itself for {problem.task} on {kind}; see 'wb methods' and 'wb run'")


def _of_matrix(source: object, target: object) -> Situation:
    matrices = (source, target)
    if all(hasattr(matrix, "tocsr") for matrix in matrices):
        return "sparse"
    return "shares" if all(np.min(matrix) >= 0 for matrix in matrices) else "vectors"  # type: ignore[call-overload]


def size_of(problem: Problem) -> int:
    """Examples of both domains, which decide what a fit takes; of sentences their words."""
    domains = [*problem.sources, problem.target]
    if kind_of(problem.target.inputs) == "sentences":
        return sum(len(words) for domain in domains for words in domain.inputs)
    return sum(count(domain.inputs) for domain in domains)
