"""Looking inside an SCL run: which words lie near each other in the shared representation, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wb_scl.encoder import SharedEncoder
from wb_scl.pivots import OFFSETS
from wb_text.tagging.features import TEMPLATES
from wb_text.tagging.words import ATTRIBUTES, BOUNDARY, attributes_of

OWN, SPELT = "word", "affix"
"""The feature groups that a word brings with it wherever it stands: the word as such, and how it ends."""

PLACES = {-1: "{} _", 0: "like {}", 1: "_ {}"}


@dataclass(frozen=True)
class Neighbour:
    """A source word near another word: cosine similarity, count and tag in the source, the pivots that tie them."""

    word: str
    similarity: float
    count: int
    tag: str
    ties: list[str]


class WordSpace:
    """Words as vectors of projected features and, through them, of pivots."""

    def __init__(self, encoder: SharedEncoder) -> None:
        self.encoder = encoder

    def group_of(self, word: str) -> str:
        """What places the word: itself, or its endings where it is too rare to have features of its own."""
        return OWN if self._features(word, OWN) else SPELT

    def vectors(self, words: list[str], group: str) -> np.ndarray:
        """The projected features that the words themselves bring, shape (words, h)."""
        table, start = self.encoder.projection.tables[group], self.encoder.projection.starts[group]
        vectors = np.zeros((len(words), table.shape[1]), dtype=np.float32)
        for i, word in enumerate(words):
            for f in self._features(word, group):
                vectors[i] += table[f - start]
        return vectors

    def pivot_profile(self, word: str, group: str) -> np.ndarray:
        """How strongly the word's own features predict each pivot, shape (offsets × pivots,)."""
        return np.asarray(self.vectors([word], group)[0] @ self.encoder.inspection.right[group])

    def neighbours(self, word: str, top: int = 10, ties: int = 4) -> list[Neighbour]:
        """The labelled source words nearest to ``word`` by cosine, with the pivots that both predict most."""
        lexicon = self.encoder.inspection.lexicon
        known = [w for w in lexicon if w != word and w.lower() != word.lower() and any(c.isalpha() for c in w)]
        group = self.group_of(word)
        here, there = self.vectors([word], group)[0], self.vectors(known, group)
        lengths = np.linalg.norm(there, axis=1) * max(float(np.linalg.norm(here)), 1e-9)
        similarity = there @ here / np.maximum(lengths, 1e-9)
        order = np.argsort(-similarity, kind="stable")[:top]
        mine = self.pivot_profile(word, group)
        return [
            Neighbour(
                known[i],
                float(similarity[i]),
                *lexicon[known[i]],
                self._ties(mine, self.pivot_profile(known[i], group), ties),
            )
            for i in order.tolist()
        ]

    def _ties(self, mine: np.ndarray, other: np.ndarray, top: int) -> list[str]:
        shared = np.minimum(mine, other)
        names = [BOUNDARY, *(pivot.word for pivot in self.encoder.inspection.pivots)]
        return [
            PLACES[OFFSETS[c // len(names)]].format(names[c % len(names)] or "‹end›")
            for c in np.argsort(-shared, kind="stable")[:top].tolist()
            if shared[c] > 0
        ]

    def _features(self, word: str, group: str) -> list[int]:
        """The feature ids of a word's own attributes in a group."""
        attributes = attributes_of(word)
        ids = (
            values.get(attributes[ATTRIBUTES.index(template.attribute)])
            for template, values in zip(TEMPLATES, self.encoder.space.values, strict=True)
            if template.group == group and template.offset == 0
        )
        return [f for f in ids if f is not None]
