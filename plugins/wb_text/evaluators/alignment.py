"""Predicted and gold tags of the same sentences, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.data.domains import Domain, Predictions


@dataclass(frozen=True, eq=False)
class Aligned:
    """Gold and predicted tags of all tokens over one list of names."""

    names: tuple[str, ...]
    gold: np.ndarray
    predicted: np.ndarray
    sentence: np.ndarray
    sentences: int

    @property
    def right(self) -> np.ndarray:
        return self.gold == self.predicted


def align(gold: Domain, predictions: Predictions) -> Aligned:
    """Flatten both sides and give equal names equal ids."""
    names = tuple(dict.fromkeys([*gold.classes, *predictions.classes]))
    position = {name: i for i, name in enumerate(names)}
    to_gold = np.array([position[name] for name in gold.classes], dtype=np.int64)
    to_predicted = np.array([position[name] for name in predictions.classes], dtype=np.int64)
    lengths = [len(row) for row in gold.labels]
    return Aligned(
        names=names,
        gold=to_gold[flat(gold.labels)],
        predicted=to_predicted[flat(predictions.labels)],
        sentence=np.repeat(np.arange(len(lengths)), lengths),
        sentences=len(lengths),
    )


def flat(labels: Any) -> np.ndarray:
    return np.concatenate(labels) if len(labels) else np.zeros(0, dtype=np.int64)
