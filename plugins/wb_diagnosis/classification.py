"""What a light classifier of the source says of held-out source examples and of the target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wb_diagnosis.features import features
from wb_diagnosis.lexicon import Lexicon
from wb_diagnosis.linear import cross_validated, folds_of, ridge
from workbench.data.checks import NotApplicable
from workbench.data.inputs import select
from workbench.data.pairs import Pair
from workbench.scoring.calibration import calibrate, softmax

FOLDS = 4

SHARPNESS = 10.0
"""What regression scores are multiplied with before they are calibrated."""

LEAST = 5
"""Source examples that a class must have to count: the share of a smaller one is anybody's guess."""

TOKENS = 20_000
"""Tokens of a side whose tags count, so that intervals are quick."""


@dataclass(frozen=True, eq=False)
class Classified:
    """Probabilities by a classifier that was trained on neither.

    Attributes
    ----------
    held_out : ndarray, shape (n, C)
        Of source examples (or tokens), calibrated.
    labels : ndarray, shape (n,)
        Their classes.
    target : ndarray, shape (m, C)
        Of the target's.
    classes : tuple of str
    """

    held_out: np.ndarray
    labels: np.ndarray
    target: np.ndarray
    classes: tuple[str, ...]

    @property
    def accuracy(self) -> float:
        """On held-out source examples."""
        return float(np.mean(self.held_out.argmax(axis=1) == self.labels))


def classified(pair: Pair) -> Classified:
    """Ridge regression of the classes over light features; of tags, by word and ending."""
    if pair.task.label_kind == "real":
        raise NotApplicable("the labels are real numbers")
    if len(pair.source.classes) < 2:
        raise NotApplicable("the source has one class")
    held_out, labels, target = _tokens(pair) if pair.task.label_kind == "sequence" else _examples(pair)
    seen = np.flatnonzero(np.bincount(labels, minlength=held_out.shape[1]) >= LEAST)
    if len(seen) < 2:
        raise NotApplicable(f"fewer than two classes have {LEAST} examples")
    kept = np.isin(labels, seen)
    held_out, labels = held_out[kept], labels[kept]
    held_out, target = (
        p[:, seen] / np.maximum(p[:, seen].sum(axis=1, keepdims=True), 1e-12) for p in (held_out, target)
    )
    labels = np.searchsorted(seen, labels)
    calibration = calibrate(held_out, labels)
    classes = tuple(pair.source.classes[i] for i in seen)
    return Classified(calibration.apply(held_out), labels, calibration.apply(target), classes)


def _examples(pair: Pair) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    light, labels = pair.computed(features), np.asarray(pair.source.labels)
    truth = np.eye(len(pair.source.classes))[labels]
    folds = folds_of(labels, FOLDS, np.random.default_rng(pair.seed))
    held_out = cross_validated(light.source, truth, folds)
    target = np.asarray(light.target @ ridge(light.source, truth)) + truth.mean(axis=0)
    return softmax(SHARPNESS * held_out), labels, softmax(SHARPNESS * target)


def _tokens(pair: Pair) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    source, target = pair.source.inputs, pair.target.inputs
    if not all(isinstance(sentence, (list, tuple)) for sentence in (source[0], target[0])):
        raise NotApplicable("nothing is known of sequences that are no words")
    odd = np.arange(len(source)) % 2 == 1
    parts = []
    for fold in (odd, ~odd):
        rows, rest = np.flatnonzero(fold), np.flatnonzero(~fold)
        lexicon = Lexicon(select(source, rest), select(pair.source.labels, rest), len(pair.source.classes))
        parts.append((lexicon.probabilities(select(source, rows)), np.concatenate(select(pair.source.labels, rows))))
    whole = Lexicon(source, pair.source.labels, len(pair.source.classes))
    held_out, labels = (np.concatenate(part)[:TOKENS] for part in zip(*parts, strict=True))
    return held_out, labels, whole.probabilities(target)[:TOKENS]
