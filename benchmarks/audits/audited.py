"""A run of the bank: what an estimator may know of it, and, in a file of its own, the gold.

A run is two files, ``NAME.json`` (what it is, seconds, accuracy) and ``NAME.npz`` (arrays); the JSON is written last,
so a run is whole or absent. The gold of a pair is ``gold.npz`` in its folder.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from workbench.files import write_atomically

GOLD, MEASURES = "gold.npz", "pair.measures"


@dataclass(frozen=True)
class About:
    """What a run is and what came of it; shares lie between 0 and 1.

    Attributes
    ----------
    settings : dict
        As they were given.
    settled : dict
        Every setting, ``auto`` as what it came to.
    baseline, reference : str
        Names of the runs of the pair that this one is compared with; empty for those that have none.
    seconds : float
        CPU seconds of the fit, one thread.
    accuracy : float
        On the target's gold, of the model fitted on the source without a fifth; estimates and selectors see the same.
    held_out_accuracy : float
        On that fifth.
    selectors, selector_seconds : dict
        The score of each selector, and what it took.
    error : str
        Why there is nothing else: one line.
    """

    collection: str
    group: str
    source: str
    target: str
    task: str
    method: str
    variant: str
    family: str
    settings: dict[str, Any]
    settled: dict[str, Any]
    baseline: str = ""
    reference: str = ""
    seconds: float = 0.0
    accuracy: float = float("nan")
    held_out_accuracy: float = float("nan")
    selectors: dict[str, float] = field(default_factory=dict)
    selector_seconds: dict[str, float] = field(default_factory=dict)
    error: str = ""

    @property
    def name(self) -> str:
        return run_name(self.method, self.variant, self.settled)


@dataclass(frozen=True, eq=False)
class Arrays:
    """What the model says; a row for each example, of sequences for each token.

    Attributes
    ----------
    target, held_out : ndarray, shapes (m, C) and (h, C)
        Probabilities; of a model that gives none, 1 for the predicted class.
    target_predicted, held_out_predicted, held_out_labels : ndarray of int
    second_predicted : ndarray of int, shape (m,)
        Of the same method fitted without another fifth of the source; empty where that would take too long.
    ratios : ndarray, shape (h,)
        Density ratios of the held-out examples (of sequences one for each); empty where there are none.
    head_target, head_held_out : ndarray, shapes (m, C) and (h, C)
        Probabilities of a logistic head over the features of a model that gives none; empty for others.
    target_lengths, held_out_lengths : ndarray of int
        Tokens of each sequence; empty where examples are no sequences.
    """

    target: np.ndarray
    target_predicted: np.ndarray
    held_out: np.ndarray
    held_out_predicted: np.ndarray
    held_out_labels: np.ndarray
    second_predicted: np.ndarray
    ratios: np.ndarray
    head_target: np.ndarray
    head_held_out: np.ndarray
    target_lengths: np.ndarray
    held_out_lengths: np.ndarray


@dataclass(frozen=True, eq=False)
class AuditedRun:
    """A run as it lies in the bank; its arrays are read when asked for."""

    about: About
    path: Path

    @property
    def pair(self) -> str:
        return f"{self.about.source} → {self.about.target}"

    def arrays(self) -> Arrays:
        with np.load(self.path.with_suffix(".npz"), allow_pickle=False) as stored:
            return Arrays(**{name: stored[name] for name in Arrays.__dataclass_fields__})

    def gold(self) -> np.ndarray:
        """(m,): ids of the problem's classes; -1 for a class that the source has not."""
        with np.load(self.path.with_name(GOLD), allow_pickle=False) as stored:
            return np.asarray(stored["labels"])

    def measures(self) -> dict[str, Any]:
        """What is known of its pair whatever the method."""
        measures: dict[str, Any] = json.loads(self.path.with_name(MEASURES).read_text(encoding="utf-8"))
        return measures


def run_name(method: str, variant: str, settled: dict[str, Any]) -> str:
    """The name of a run within its pair: the same method with the same settings has the same."""
    digest = hashlib.sha256(json.dumps(settled, sort_keys=True, default=str).encode()).hexdigest()[:8]
    return "-".join(filter(None, (method, variant, digest)))


def save(about: About, arrays: Arrays | None, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / about.name
    if arrays is not None:
        _save_arrays(path.with_name(f"{about.name}.npz"), vars(arrays))
    text = json.dumps(asdict(about), indent=1, default=str, ensure_ascii=False)
    write_atomically(path.with_name(f"{about.name}.json"), text)


def save_gold(labels: np.ndarray, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _save_arrays(folder / GOLD, {"labels": labels})


def save_measures(measures: dict[str, Any], folder: Path) -> None:
    write_atomically(folder / MEASURES, json.dumps(measures, indent=1))


def _save_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    stored = io.BytesIO()
    np.savez_compressed(stored, **{k: v.astype(np.float32) if v.dtype.kind == "f" else v for k, v in arrays.items()})
    write_atomically(path, stored.getvalue())


def load(folder: Path, errors: bool = False) -> Iterator[AuditedRun]:
    """The runs below a folder, by their paths; those that ended in an error only where asked for."""
    for path in sorted(folder.rglob("*.json")):
        about = About(**json.loads(path.read_text(encoding="utf-8")))
        if errors or not about.error:
            yield AuditedRun(about, path)
