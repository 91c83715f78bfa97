"""Small generated pairs of domains on which a regression method can be tried: feature vectors and texts."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.data.domains import Domain
from workbench.errors import UsageError

SIZE = 60
"""Examples of each side."""

WORDS = {"awful": -2.0, "poor": -1.0, "fair": 0.0, "good": 1.0, "superb": 2.0}
"""Words that move the number of a text."""

FILLERS = (("the", "film", "was"), ("a", "book", "is"))
"""What stands between them, in the source and in the target."""


def pair(kind: str, seed: int) -> tuple[Domain, Domain]:
    """A labelled source and a labelled, shifted target with inputs of that kind: matrix or texts."""
    makers = {"matrix": _vectors, "texts": _texts}
    if kind not in makers:
        raise UsageError(f"no example with inputs of kind '{kind}'; there are: {', '.join(makers)}")
    generator = np.random.default_rng(seed)
    domains = []
    for side, name in enumerate(("source", "target")):
        inputs, labels = makers[kind](side, generator)
        domains.append(Domain(f"example {name}", "regression", inputs, labels))
    return domains[0], domains[1]


def _vectors(side: int, generator: np.random.Generator) -> tuple[Any, np.ndarray]:
    """Four features and a curve of the first, of which the target sees another stretch."""
    x = generator.normal(size=(SIZE, 4))
    x[:, 0] += side
    return x, x[:, 0] ** 2 + x[:, 1] + generator.normal(0, 0.3, SIZE)


def _texts(side: int, generator: np.random.Generator) -> tuple[Any, np.ndarray]:
    """Texts of three words that say a grade, among others that say nothing."""
    graded = generator.choice(list(WORDS), (SIZE, 3), p=[0.2] * 5 if not side else [0.1, 0.1, 0.2, 0.3, 0.3])
    fillers = generator.choice(FILLERS[side], (SIZE, 3))
    texts = [" ".join(np.stack([a, b], axis=1).ravel()) for a, b in zip(fillers, graded, strict=True)]
    return texts, np.array([sum(WORDS[word] for word in row) for row in graded]) + generator.normal(0, 0.1, SIZE)
