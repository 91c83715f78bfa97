"""Short vectors of examples of any kind, from which two sets of examples can be told apart without keeping any."""

from __future__ import annotations

import re
import zlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Self

import numpy as np

from workbench.data.inputs import Inputs, count, kind_of

WIDTH = 1024
"""Places that words, or features beyond this number, are hashed to."""

CLIP = 4.0
"""Standard deviations beyond which a value counts as this many: one wild value decides nothing."""

GRID = 8
"""Height and width that pictures are averaged to."""

WORD = re.compile(r"\w+")


class Sketch(ABC):
    """From examples to vectors of length 1 or so, fixed by the target that it was fitted to."""

    @abstractmethod
    def transform(self, inputs: Inputs) -> np.ndarray:
        """Vectors (n, k) of n examples."""

    @abstractmethod
    def arrays(self) -> dict[str, np.ndarray]:
        """What :meth:`of_arrays` makes it from; no example is in it."""

    @classmethod
    @abstractmethod
    def of_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Self: ...


class Words(Sketch):
    """Which words occur, hashed to :data:`WIDTH` places, each vector of length 1; of texts and of sentences."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def transform(self, inputs: Inputs) -> np.ndarray:
        vectors = np.zeros((count(inputs), WIDTH), dtype=np.float32)
        for number, example in enumerate(inputs):
            words = WORD.findall(example.lower()) if isinstance(example, str) else map(str.lower, example)
            vectors[number, [self._place(word) for word in words]] = 1
        return vectors / np.maximum(np.sqrt(vectors.sum(axis=1, keepdims=True)), 1)

    def arrays(self) -> dict[str, np.ndarray]:
        return {}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Self:
        return cls()

    def _place(self, word: str) -> int:
        if word not in self.places:
            if len(self.places) > 100_000:
                self.places.clear()
            self.places[word] = zlib.crc32(word.encode("utf-8", "surrogatepass")) % WIDTH
        return self.places[word]


class Moments(Sketch):
    """Standardised features and their squares, so that a change of mean or of spread is one of the vectors' mean.

    Features beyond :data:`WIDTH` are summed with random signs in as many places.
    """

    def __init__(self, centre: np.ndarray, scale: np.ndarray) -> None:
        self.centre, self.scale = centre, scale
        self.fold = _folding(len(centre)) if len(centre) > WIDTH else None

    @classmethod
    def fit(cls, features: np.ndarray) -> Self:
        spread = features.std(axis=0)
        return cls(features.mean(axis=0).astype(np.float32), np.where(spread > 0, spread, 1).astype(np.float32))

    def transform(self, inputs: Inputs) -> np.ndarray:
        standardised = np.clip((dense(inputs) - self.centre) / self.scale, -CLIP, CLIP)
        both = [standardised, standardised**2 - 1]
        if self.fold is not None:
            both = [part @ self.fold for part in both]
        return (np.concatenate(both, axis=1) / np.sqrt(2 * len(self.centre))).astype(np.float32)

    def arrays(self) -> dict[str, np.ndarray]:
        return {"centre": self.centre, "scale": self.scale}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Self:
        return cls(arrays["centre"], arrays["scale"])


def _folding(features: int) -> Any:
    """A sparse matrix (features, WIDTH) with one random sign in each row."""
    from scipy import sparse

    drawn = np.random.default_rng(0)
    places, signs = drawn.integers(0, WIDTH, features), drawn.choice([-1.0, 1.0], features)
    return sparse.csr_matrix((signs, (np.arange(features), places)), shape=(features, WIDTH))


SMALL_ENOUGH = 20_000
"""Features beyond which no sketch is kept: their means alone would be large."""


def fit(inputs: Inputs) -> Sketch | None:
    """The sketch for inputs of this kind, fitted to them; None for a kind, or a number of features, that has none."""
    kind = kind_of(inputs)
    if kind in ("texts", "sentences"):
        return Words()
    if kind == "matrix" and inputs.shape[1] > SMALL_ENOUGH:
        return None
    if kind == "images" and not (count(inputs) and isinstance(inputs[0], np.ndarray)):
        return None  # e.g. a relational world
    return Moments.fit(dense(inputs))


def load(kind: str, arrays: Mapping[str, np.ndarray]) -> Sketch:
    """The sketch of inputs of a kind from the arrays that it gave."""
    return Words.of_arrays(arrays) if kind in ("texts", "sentences") else Moments.of_arrays(arrays)


def dense(inputs: Inputs) -> np.ndarray:
    """Feature vectors (n, d) as they are; of pictures brightness on a grid, and mean and spread of each colour."""
    if kind_of(inputs) == "images":
        return np.array([_of_picture(np.asarray(picture, dtype=np.float32)) for picture in inputs])
    features: Any = inputs.toarray() if hasattr(inputs, "toarray") else inputs
    return np.asarray(features, dtype=np.float32)


def _of_picture(picture: np.ndarray) -> np.ndarray:
    """(GRID² + 6,) of a picture (h, w) or (h, w, c)."""
    colours = np.repeat(picture[:, :, None], 3, axis=2) if picture.ndim == 2 else picture[:, :, :3]
    if colours.shape[2] < 3:
        colours = np.repeat(colours[:, :, :1], 3, axis=2)
    grey = colours.mean(axis=2)
    rows = np.array_split(np.arange(grey.shape[0]), min(GRID, grey.shape[0]))
    columns = np.array_split(np.arange(grey.shape[1]), min(GRID, grey.shape[1]))
    grid = np.zeros((GRID, GRID), dtype=np.float32)
    for r, some_rows in enumerate(rows):
        for c, some_columns in enumerate(columns):
            grid[r, c] = grey[some_rows[0] : some_rows[-1] + 1, some_columns[0] : some_columns[-1] + 1].mean()
    return np.concatenate([grid.ravel(), colours.mean(axis=(0, 1)), colours.std(axis=(0, 1))])
