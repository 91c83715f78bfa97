"""Words of the target that the source does not know."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from wb_diagnosis.features import documents
from workbench.data.checks import NotApplicable
from workbench.data.pairs import Pair

SHOWN = 15
"""Most frequent unknown words that are kept."""


@dataclass(frozen=True)
class UnknownWords:
    """Shares of running words that half of the source does not hold, with their standard errors over texts.

    ``own`` of the source's other half, ``target`` of the target; ``frequent`` are the target's most frequent words that
    the whole source lacks.
    """

    own: float
    own_error: float
    target: float
    target_error: float
    frequent: tuple[str, ...]

    @property
    def more(self) -> float:
        return self.target - self.own

    @property
    def interval(self) -> tuple[float, float]:
        """95 % of how many more they are."""
        half = 1.96 * float(np.hypot(self.own_error, self.target_error))
        return self.more - half, self.more + half


def unknown_words(pair: Pair) -> UnknownWords:
    """Counted in the samples. Raises :class:`NotApplicable` where examples have no words."""
    source, target = pair.computed(documents)
    half = {word for text in source[::2] for word in text}
    whole = half.union(*source[1::2])
    counts = Counter(word for text in target for word in text if word not in whole)
    own, new = _unknown(source[1::2], half), _unknown(target, half)
    return UnknownWords(*own, *new, tuple(word for word, _ in counts.most_common(SHOWN)))


def _unknown(texts: list[list[str]], known: set[str]) -> tuple[float, float]:
    """The share of words that are not known, and its standard error over texts."""
    lengths = np.array([len(text) for text in texts], dtype=np.float64)
    unknown = np.array([sum(word not in known for word in text) for text in texts], dtype=np.float64)
    total = lengths.sum()
    if not total:
        raise NotApplicable("a domain has no words")
    share = float(unknown.sum() / total)
    return share, float(np.sqrt(np.sum((unknown - share * lengths) ** 2)) / total)
