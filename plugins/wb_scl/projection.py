"""The shared representation: for each feature type the leading left singular vectors of the predictors.

References
----------
Blitzer, McDonald & Pereira (EMNLP 2006), fig. 2, steps 3–4; Ando & Zhang (JMLR 2005): a projection per type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

SCALE_TOKENS = 50_000
"""How many tokens suffice to measure a standard deviation."""

CLIP = 8.0
"""Projected features are cut at this many standard deviations."""


def evened(weights: np.ndarray) -> np.ndarray:
    """Square roots of non-negative weights, each row (feature) scaled to unit length."""
    rooted = np.sqrt(weights)
    return rooted / np.maximum(np.linalg.norm(rooted, axis=1, keepdims=True), 1e-6)


@dataclass(frozen=True, eq=False)
class Decomposition:
    """The leading singular triplets of the predictors of one feature group.

    Attributes
    ----------
    table : ndarray of float32, shape (features, h)
        U √S: what a feature contributes to the projected features.
    right : ndarray of float32, shape (h, offsets × pivots)
        √S Vᵀ, so that ``table @ right`` is the weights again, as far as h dimensions go.
    """

    table: np.ndarray
    right: np.ndarray


def decompose(weights: Sequence[np.ndarray], h: int) -> Decomposition:
    """U √S and √S Vᵀ of the ``h`` leading singular values of the horizontally joined ``weights``.

    The pivots are far fewer than the features, so the eigenvectors of the Gram matrix give it exactly.
    """
    gram = np.block([[left.T @ right for right in weights] for left in weights]).astype(np.float64)
    values, vectors = np.linalg.eigh(gram)
    keep = np.argsort(values)[::-1][:h]
    keep = keep[values[keep] > 1e-10 * max(float(values.max()), 1e-30)]
    singular = np.sqrt(values[keep])
    right = vectors[:, keep]
    right = right * np.where(right[np.abs(right).argmax(axis=0), np.arange(len(keep))] < 0, -1.0, 1.0)
    scaled = (right / np.sqrt(singular)).astype(np.float32)
    table = np.zeros((len(weights[0]), len(keep)), dtype=np.float32)
    start = 0
    for block in weights:
        table += block @ scaled[start : start + block.shape[1]]
        start += block.shape[1]
    return Decomposition(table, (right * np.sqrt(singular)).T.astype(np.float32))


@dataclass(eq=False)
class Projection:
    """Dense features of tokens: per group, the sum of the active features' rows, on one scale.

    Attributes
    ----------
    tables : dict of ndarray of float32
        For each group (first feature id, table): rows of the group's features.
    columns : dict of ndarray of int64
        The template columns of each group.
    scales : dict of float
        What brings each group's features to one standard deviation.
    alpha : float
        The weight of the projected features beside the original ones.
    """

    tables: dict[str, np.ndarray]
    starts: dict[str, int]
    columns: Mapping[str, np.ndarray]
    alpha: float
    scales: dict[str, float] = field(default_factory=dict)

    @property
    def width(self) -> int:
        return sum(table.shape[1] for table in self.tables.values())

    def fit_scales(self, ids: np.ndarray) -> Projection:
        """One standard deviation for each group over the tokens ``ids`` (tokens, templates), evenly sampled."""
        self.scales = {}
        ids = ids[:: max(1, len(ids) // SCALE_TOKENS)]
        for group in self.tables:
            spread = float(self._group(group, ids).std())
            self.scales[group] = 1.0 / spread if spread > 0 else 0.0
        return self

    def transform(self, ids: np.ndarray) -> np.ndarray:
        """Projected features, float32 of shape (tokens, width)."""
        out = np.empty((len(ids), self.width), dtype=np.float32)
        start = 0
        for group, table in self.tables.items():
            stop = start + table.shape[1]
            scaled = self._group(group, ids)
            scaled *= self.scales[group]
            np.clip(scaled, -CLIP, CLIP, out=scaled)
            np.multiply(scaled, self.alpha, out=out[:, start:stop])
            start = stop
        return out

    def _group(self, group: str, ids: np.ndarray) -> np.ndarray:
        from wb_scl import predictor_loops

        table = self.tables[group]
        out = np.zeros((len(ids), table.shape[1]), dtype=np.float32)
        shifted = ids[:, self.columns[group]] - self.starts[group]
        shifted[ids[:, self.columns[group]] < 0] = -1
        predictor_loops.project(shifted, np.arange(len(self.columns[group])), table, out)
        return out

    def save(self, path: Path) -> None:
        arrays = {f"table_{group}": table for group, table in self.tables.items()}
        arrays |= {f"columns_{group}": np.asarray(self.columns[group]) for group in self.tables}
        numbers = np.array([[self.starts[g], self.scales[g]] for g in self.tables])
        np.savez(path, groups=np.array(list(self.tables)), numbers=numbers, alpha=self.alpha, **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> Projection:
        with np.load(path, allow_pickle=False) as arrays:
            groups = [str(group) for group in arrays["groups"]]
            numbers = arrays["numbers"]
            return cls(
                tables={group: arrays[f"table_{group}"] for group in groups},
                starts={group: int(numbers[i, 0]) for i, group in enumerate(groups)},
                columns={group: arrays[f"columns_{group}"] for group in groups},
                alpha=float(arrays["alpha"]),
                scales={group: float(numbers[i, 1]) for i, group in enumerate(groups)},
            )
