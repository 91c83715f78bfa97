"""Small generated pairs of domains on which a method can be tried: counts, texts and pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from workbench.data.domains import Domain
from workbench.errors import UsageError

CLASSES = ("one", "three", "two")
WORDS = (("river", "boat", "water"), ("engine", "wheel", "road"), ("apple", "bread", "salt"))
"""Three words for each class."""
FILLERS = (("the", "old", "was", "near"), ("a", "new", "is", "under"))
"""What stands between them, in the source and in the target."""


def pair(kind: str, seed: int) -> tuple[Domain, Domain]:
    """A labelled source and a labelled, shifted target with inputs of that kind: matrix, texts or images."""
    if kind not in MAKERS:
        raise UsageError(f"no example with inputs of kind '{kind}'; there are: {', '.join(MAKERS)}")
    n, make = MAKERS[kind]
    generator = np.random.default_rng(seed)
    sides = []
    for number, side in enumerate(("source", "target")):
        labels = generator.integers(0, len(CLASSES), size=n)
        sides.append(Domain(f"example {side}", "classification", make(labels, number, generator), labels, CLASSES))
    return sides[0], sides[1]


def _counts(labels: np.ndarray, side: int, generator: np.random.Generator) -> Any:
    """Vectors of 24 counts; each class has features of its own, and the target's are stretched, some more."""
    rates = np.full((3, 24), 0.6)
    for c in range(3):
        rates[c, c::4] += 1.5
    return generator.poisson(rates[labels] * (1 + 0.8 * side * np.linspace(0, 1, 24))).astype(np.float64)


def _texts(labels: np.ndarray, side: int, generator: np.random.Generator) -> Any:
    """Texts of three to six words, one in two of them from the class."""
    texts = []
    for c in labels:
        size = generator.integers(2, 4)
        pairs = zip(generator.choice(FILLERS[side], size), generator.choice(WORDS[c], size), strict=True)
        texts.append(" ".join(word for two in pairs for word in two))
    return texts


def _pictures(labels: np.ndarray, side: int, generator: np.random.Generator) -> Any:
    """Colour pictures of 24 × 24: a disc, bars or nothing, in noise that the target has more of."""
    rows, columns = np.mgrid[:24, :24]
    shapes = ((rows - 12) ** 2 + (columns - 12) ** 2 < 60, rows % 6 < 3, np.zeros((24, 24), dtype=bool))
    pictures = []
    for c in labels:
        noise = generator.normal(40, 8 + 12 * side, (24, 24, 3))
        pictures.append(np.clip(noise + 150 * shapes[c][:, :, None], 0, 255).astype(np.uint8))
    return pictures


MAKERS: dict[str, tuple[int, Callable[[np.ndarray, int, np.random.Generator], Any]]] = {
    "matrix": (80, _counts),
    "texts": (40, _texts),
    "images": (24, _pictures),
}
"""For each kind of inputs how many examples a side has, and what makes them."""
