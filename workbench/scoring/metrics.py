"""Figures of one model: statistics of each cluster, and how a figure is computed from their sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from workbench.scoring.statistics import Compute

Unit = Literal["share", "number"]
"""Of a figure: a share is shown in points (× 100), a plain number as it is."""


def ratio(sums: np.ndarray) -> np.ndarray:
    """First statistic over second: accuracy from (correct, total)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return sums[:, 0] / sums[:, 1]


def macro_f1(sums: np.ndarray) -> np.ndarray:
    """Macro-F1 from sums of (hits, said, gold) over classes, shape (m, 3 × classes).

    Classes without gold examples do not count.
    """
    hits, said, gold = np.split(sums, 3, axis=1)
    counted = gold > 0
    f1 = np.where(counted, 2 * hits / np.maximum(said + gold, 1), 0.0)
    return f1.sum(axis=1) / np.maximum(counted.sum(axis=1), 1)


@dataclass(frozen=True, eq=False)
class Metric:
    """One figure of a model on n clusters (sentences, documents, images).

    Parameters
    ----------
    statistics : ndarray, shape (n, k)
        What each cluster adds to the sums.
    compute : callable
        Sums (m, k) to figures (m,), vectorised; a fraction by default.
    title : str
        For people, e.g. "accuracy, unknown words".
    higher_is_better : bool
    unit : {"share", "number"}
        Shares are shown in points (× 100); plain numbers as they are.
    """

    statistics: np.ndarray
    compute: Compute = ratio
    title: str = ""
    higher_is_better: bool = True
    unit: Unit = "share"

    def clustered(self, clusters: np.ndarray) -> Metric:
        """The same figure where the rows of ``clusters`` (n,) with one number are one cluster."""
        numbers, places = np.unique(clusters, return_inverse=True)
        sums = np.zeros((len(numbers), self.statistics.shape[1]))
        np.add.at(sums, places, self.statistics)
        return replace(self, statistics=sums)

    @property
    def value(self) -> float:
        return float(self.compute(self.statistics.sum(axis=0, keepdims=True).astype(np.float64))[0])


@dataclass(frozen=True, eq=False)
class Scores:
    """All figures of one model, the deciding one first; ``details`` holds tables for the record (JSON)."""

    metrics: Mapping[str, Metric]
    details: Mapping[str, Any] = field(default_factory=dict)
