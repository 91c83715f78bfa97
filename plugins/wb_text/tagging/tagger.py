"""The tagger: feature space and CRF as a model that saves, loads and tells its confidence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from wb_text.tagging.crf import LinearChainCRF, Report
from wb_text.tagging.features import FeatureSpace
from wb_text.tagging.words import Sentences, Text
from workbench.data.domains import Predictions
from workbench.data.inputs import Inputs
from workbench.methods.contract import Model
from workbench.settings import Settings

if TYPE_CHECKING:
    from workbench.plugins.loading import Host

BATCH = 2000
"""Sentences that are tagged together: their dense features are in memory at once."""


class Training(Settings):
    """How a tagger is trained; shared by the baseline and every method built on it."""

    epochs: int = 6
    rate: float = 0.25
    dense_rate: float = 0.03


@dataclass(frozen=True, eq=False)
class TaggedText:
    """Sentences with tag ids and weights, as the CRF wants them."""

    sentences: Sentences
    tags: np.ndarray
    weights: np.ndarray

    @classmethod
    def of(cls, sentences: Sentences, tags: Sequence[np.ndarray], weights: np.ndarray | None = None) -> TaggedText:
        flat = np.concatenate(tags) if len(tags) else np.zeros(0, dtype=np.int64)
        return cls(sentences, flat.astype(np.int64), np.ones(len(sentences)) if weights is None else weights)

    def __add__(self, other: TaggedText) -> TaggedText:
        return TaggedText(
            [*self.sentences, *other.sentences],
            np.concatenate([self.tags, other.tags]),
            np.concatenate([self.weights, other.weights]),
        )


class Encoder:
    """Sentences to what the CRF sees: feature ids, and no dense features."""

    def __init__(self, space: FeatureSpace) -> None:
        self.space = space

    def ids(self, sentences: Sentences) -> tuple[np.ndarray, np.ndarray]:
        """Feature ids (tokens, templates) and sentence offsets."""
        text = Text(sentences)
        return self.space.transform(text), text.offsets

    def dense(self, ids: np.ndarray) -> np.ndarray | None:
        """Dense features (tokens, d), or None."""
        return None

    def save(self, folder: Path) -> None:
        self.space.save(folder / "features.json")

    @classmethod
    def load(cls, folder: Path) -> Self:
        return cls(FeatureSpace.load(folder / "features.json"))


class TaggerModel(Model):
    """A trained tagger.

    Parameters
    ----------
    encoder : Encoder
    crf : LinearChainCRF
    classes : tuple of str
        Tag names.
    """

    encoder_type: type[Encoder] = Encoder

    def __init__(self, encoder: Encoder, crf: LinearChainCRF, classes: tuple[str, ...]) -> None:
        self.encoder, self.crf, self.classes = encoder, crf, classes

    @classmethod
    def train(
        cls,
        encoder: Encoder,
        data: TaggedText,
        classes: tuple[str, ...],
        training: Training,
        seed: int,
        report: Report,
    ) -> Self:
        """Train on tagged text; the sentences' weights count in the likelihood."""
        report(0.0, "training the tagger (the first run ever compiles its loops, about 20 s)")
        ids, offsets = encoder.ids(data.sentences)
        crf = LinearChainCRF(training.epochs, training.rate, training.dense_rate, seed=seed)
        crf.fit(
            ids,
            offsets,
            data.tags,
            len(encoder.space),
            len(classes),
            dense=encoder.dense(ids),
            weights=data.weights,
            report=report,
        )
        return cls(encoder, crf, classes)

    def predict(self, inputs: Inputs) -> Predictions:
        tags: list[np.ndarray] = []
        probabilities: list[np.ndarray] = []
        for ids, offsets, dense in self.batches(inputs):
            tags += np.split(self.crf.predict(ids, offsets, dense), offsets[1:-1])
            probabilities += np.split(self.crf.marginals(ids, offsets, dense), offsets[1:-1])
        return Predictions(tags, self.classes, probabilities)

    def batches(self, inputs: Inputs) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray | None]]:
        """Feature ids, offsets and dense features of a few sentences at a time."""
        for start in range(0, len(inputs), BATCH):
            ids, offsets = self.encoder.ids(inputs[start : start + BATCH])
            yield ids, offsets, self.encoder.dense(ids)

    def marginals(self, inputs: Inputs) -> np.ndarray:
        """P(tag of token | sentence), float32 of shape (tokens, tags)."""
        return np.concatenate([self.crf.marginals(*batch) for batch in self.batches(inputs)])

    def confidence(self, inputs: Inputs) -> tuple[list[np.ndarray], np.ndarray]:
        """Predicted tags, and for each sentence the mean marginal probability of its tags."""
        tags: list[np.ndarray] = []
        confidences: list[np.ndarray] = []
        for ids, offsets, dense in self.batches(inputs):
            predicted = self.crf.predict(ids, offsets, dense)
            probability = self.crf.marginals(ids, offsets, dense)[np.arange(len(ids)), predicted]
            sums = np.add.reduceat(np.append(probability, 0.0), offsets[:-1]) * (np.diff(offsets) > 0)
            tags += np.split(predicted, offsets[1:-1])
            confidences.append(sums / np.maximum(np.diff(offsets), 1))
        return tags, np.concatenate(confidences)

    def save(self, folder: Path) -> None:
        self.encoder.save(folder)
        self.crf.save(folder / "crf.npz")
        (folder / "tags.json").write_text(json.dumps(self.classes), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, host: Host) -> Self:
        classes = tuple(json.loads((folder / "tags.json").read_text(encoding="utf-8")))
        return cls(cls.encoder_type.load(folder), LinearChainCRF.load(folder / "crf.npz"), classes)
