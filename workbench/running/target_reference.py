"""What a record keeps of the target that it was adapted to, and whether new examples still look like it.

No example is kept: the mean of their short vectors (:mod:`workbench.data.sketches`), how far such means of random
halves of the target lie apart by chance, how far the source lies from it, and a histogram of the model's confidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from workbench.data import sketches
from workbench.data.domains import Predictions, Problem
from workbench.data.inputs import Inputs, count, kind_of, select
from workbench.data.sketches import Sketch

FILE = "target.npz"

MOST = 2000
"""Examples of each domain that the reference is made from, drawn by the seed."""

FEWEST = 30
"""New examples below which nothing is said."""

MANY = 20_000
"""New examples beyond which a tenth of them tells as much."""

HALVES = 199
"""Random halves of the target that tell what chance does; the smallest p is 1 / 200."""

SURE = 0.01
"""The p from which on a difference is more than chance."""

FAR = 0.3
"""The share of the way from target to source from which on it is worth a warning: chance alone is found in anything,
given enough rows."""

NEAREST = 0.02
"""A source that lies nearer than this share of the target's spread counts as lying so far: where source and target are
alike, nothing can be measured by their distance."""

BINS = 20


@dataclass(frozen=True)
class Likeness:
    """How n new examples compare with the target of a record."""

    n: int
    share: float
    """Their distance from the target over the source's distance from it; 0 where they are as near as chance has it."""
    p: float
    """How often a random half of the target lies as far from the other."""
    confidence: float
    """The model's mean confidence in them; not a number where it has none."""
    expected_confidence: float
    """That in the target."""

    @property
    def is_foreign(self) -> bool:
        return self.n >= FEWEST and self.p <= SURE and self.share >= FAR


@dataclass(frozen=True, eq=False)
class TargetReference:
    """The target that a model was adapted to, in a few numbers."""

    kind: str
    sketch: Sketch
    n: int
    mean: np.ndarray
    """(k,): of the target's vectors."""
    spread: float
    """Mean squared distance of the vectors from their mean."""
    chance: np.ndarray
    """(:data:`HALVES`,): n m / (n + m) times the squared distance of the means of two random halves, sorted."""
    source_distance: float
    """Squared distance between the means of source and target, without what chance adds."""
    confidences: np.ndarray
    """(:data:`BINS`,): how many examples or tokens the model is so sure of."""

    @classmethod
    def of(cls, problem: Problem, predictions: Predictions) -> Self | None:
        """The reference of a problem's target; None for inputs of a kind that has no sketch."""
        drawn = np.random.default_rng(problem.seed)
        target = _some(problem.target.inputs, drawn)
        sketch = sketches.fit(target)
        if sketch is None or count(target) < 2 * FEWEST:
            return None
        vectors = sketch.transform(target)
        source = sketch.transform(_some(problem.source.inputs, drawn))
        mean, n, m = vectors.mean(axis=0), len(vectors), len(source)
        spread = float(np.mean(np.sum((vectors - mean) ** 2, axis=1)))
        of_source = float(np.mean(np.sum((source - source.mean(axis=0)) ** 2, axis=1)))
        apart = float(np.sum((source.mean(axis=0) - mean) ** 2)) - spread / n - of_source / m
        histogram = histogram_of(predictions)
        return cls(kind_of(target), sketch, n, mean, spread, _chance(vectors, drawn), max(apart, 0.0), histogram)

    def save(self, folder: Path) -> None:
        """Write it into a record's folder."""
        numbers = np.array([self.n, self.spread, self.source_distance])
        named = {f"sketch_{name}": values for name, values in self.sketch.arrays().items()}
        named |= {"mean": self.mean, "chance": self.chance, "confidences": self.confidences, "numbers": numbers}
        np.savez_compressed(folder / FILE, kind=np.array(self.kind), **named)  # type: ignore[arg-type]

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """The reference in a record's folder; None where there is none."""
        path = folder / FILE
        if not path.is_file():
            return None
        with np.load(path, allow_pickle=False) as arrays:
            kind = str(arrays["kind"])
            named = {name.removeprefix("sketch_"): arrays[name] for name in arrays.files if name.startswith("sketch_")}
            n, spread, apart = arrays["numbers"].tolist()
            mean, chance, histogram = arrays["mean"], arrays["chance"], arrays["confidences"]
        return cls(kind, sketches.load(kind, named), int(n), mean, spread, chance, apart, histogram)


class NewExamples:
    """New examples beside a reference, told batch by batch: it keeps sums, no example."""

    def __init__(self, reference: TargetReference) -> None:
        self.reference = reference
        self.n, self.sum, self.squares = 0, np.zeros(len(reference.mean)), 0.0
        self.batches = 0
        self.confidences = np.zeros(BINS)

    def __call__(self, inputs: Inputs, predictions: Predictions) -> None:
        """Count a batch in; of very many rows, each tenth batch."""
        self.confidences += histogram_of(predictions)
        self.batches += 1
        if self.n > MANY and self.batches % 10:
            return
        vectors = self.reference.sketch.transform(inputs)
        self.n += len(vectors)
        self.sum += vectors.sum(axis=0)
        self.squares += float(np.sum(vectors.astype(np.float64) ** 2))

    def likeness(self) -> Likeness:
        """How they compare; of none, as alike."""
        reference, n = self.reference, max(self.n, 1)
        mean = self.sum / n
        distance = float(np.sum((mean - reference.mean) ** 2))
        statistic = n * reference.n / (n + reference.n) * distance
        spread = self.squares / n - float(mean @ mean)
        apart = max(distance - spread / n - reference.spread / reference.n, 0.0)
        return Likeness(
            n=self.n,
            share=float(np.sqrt(apart / max(reference.source_distance, NEAREST * reference.spread, 1e-12))),
            p=(1 + int(np.sum(reference.chance >= statistic))) / (1 + len(reference.chance)),
            confidence=mean_of(self.confidences),
            expected_confidence=mean_of(reference.confidences),
        )


def histogram_of(predictions: Predictions) -> np.ndarray:
    """How often the greatest probability falls into each of :data:`BINS` equal parts of 0 to 1."""
    probabilities = predictions.probabilities
    if probabilities is None or not len(predictions):
        return np.zeros(BINS)
    rows = probabilities if isinstance(probabilities, np.ndarray) else np.concatenate(probabilities)
    return np.histogram(rows.max(axis=1), bins=BINS, range=(0, 1))[0].astype(np.float64)


def mean_of(histogram: np.ndarray) -> float:
    """The mean confidence behind a histogram, to half a bin; not a number for an empty one."""
    middles = (np.arange(BINS) + 0.5) / BINS
    return float(histogram @ middles / histogram.sum()) if histogram.sum() else float("nan")


def _chance(vectors: np.ndarray, drawn: np.random.Generator) -> np.ndarray:
    n = len(vectors)
    half = n // 2
    chosen = np.zeros((HALVES, n), dtype=np.float32)
    for row in chosen:
        row[drawn.permutation(n)[:half]] = 1
    of_halves = chosen @ vectors
    rest = vectors.sum(axis=0) - of_halves
    distances = np.sum((of_halves / half - rest / (n - half)) ** 2, axis=1)
    return np.sort(half * (n - half) / n * distances)


def _some(inputs: Inputs, drawn: np.random.Generator) -> Inputs:
    n = count(inputs)
    return inputs if n <= MOST else select(inputs, np.sort(drawn.permutation(n)[:MOST]))
