"""Further features of words, which a head reads beside the vectors of its transformer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import torch
from torch import Tensor

from workbench.data.inputs import Inputs
from workbench.methods.featurizers import Featurizer, load_featurizer, save_featurizer

if TYPE_CHECKING:
    from workbench.plugins.loading import Host

CLIP = 8.0
"""Features are cut at this many standard deviations."""


class WordFeatures:
    """The features of numbered words, each of unit variance in the source.

    A network is given the words' numbers. A text's features are computed when the first of its words is asked for:
    the target's are not where nothing but the source is trained on.

    Parameters
    ----------
    featurizer : Featurizer
        Fitted; gives a dense matrix with a row for each word.
    centre, scale : ndarray of float32, shape (width,)
        What each column is moved and multiplied by.
    """

    def __init__(self, featurizer: Featurizer, centre: np.ndarray, scale: np.ndarray) -> None:
        self.featurizer, self.centre, self.scale = featurizer, centre, scale
        self._texts: list[tuple[int, Inputs]] = []
        self._tables: dict[int, Tensor] = {}
        self._next = 0

    @classmethod
    def fit(cls, featurizer: Featurizer, source: Inputs) -> Self:
        """With the centre and the spread of the source's words; a column that never varies becomes 0."""
        x = np.asarray(featurizer.transform(source), dtype=np.float32)
        spread = x.std(axis=0)
        return cls(featurizer, x.mean(axis=0), np.where(spread > 1e-6, 1 / np.maximum(spread, 1e-6), 0.0))

    @property
    def width(self) -> int:
        """Features of each word."""
        return len(self.centre)

    def add(self, sentences: Inputs) -> int:
        """Number the words of further sentences; returns the first word's number."""
        first = self._next
        self._texts.append((first, sentences))
        self._next += sum(len(words) for words in sentences)
        return first

    def forget(self, first: int) -> None:
        """Drop the text that was added with that first number, and all that were added after it."""
        self._texts = [(start, text) for start, text in self._texts if start < first]
        self._tables = {start: table for start, table in self._tables.items() if start < first}
        self._next = first

    def rows(self, numbers: Tensor) -> Tensor:
        """Features, float32 of shape (n, width), of the words ``numbers`` (n,)."""
        out = torch.zeros(len(numbers), self.width)
        ends = [start for start, _ in self._texts[1:]] + [self._next]
        for (start, sentences), end in zip(self._texts, ends, strict=True):
            here = (numbers >= start) & (numbers < end)
            if here.any():
                if start not in self._tables:
                    self._tables[start] = self._table(sentences)
                out[here] = self._tables[start][numbers[here] - start]
        return out

    def save(self, folder: Path) -> str:
        """Write the featurizer and the scales below ``folder``; returns what :meth:`load` asks for."""
        np.savez(folder / "beside.npz", centre=self.centre, scale=self.scale)
        return save_featurizer(self.featurizer, folder)

    @classmethod
    def load(cls, name: str, folder: Path, host: Host) -> Self | None:
        """What :meth:`save` wrote; None for an empty name."""
        featurizer = load_featurizer(name, folder, host)
        if featurizer is None:
            return None
        with np.load(folder / "beside.npz", allow_pickle=False) as arrays:
            return cls(featurizer, arrays["centre"], arrays["scale"])

    def _table(self, sentences: Inputs) -> Tensor:
        x = np.asarray(self.featurizer.transform(sentences), dtype=np.float32)
        scaled = ((x - self.centre) * self.scale).astype(np.float32)
        return torch.from_numpy(scaled.clip(-CLIP, CLIP))
