"""Features ordered by how much they differ between the domains."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from wb_diagnosis.features import Occurrences

PRIOR = 500.0
"""Words of the prior in the log-odds of a word."""


@dataclass(frozen=True, eq=False)
class Contrast:
    """How much features differ: z-scores and sizes, above 0 where the target has more; shapes (d,)."""

    names: tuple[str, ...]
    z: np.ndarray
    size: np.ndarray
    what: str
    """What the features are."""

    @property
    def differing(self) -> np.ndarray:
        """The numbers of the features that differ by more than chance in any of them, the surest first."""
        limit = NormalDist().inv_cdf(1 - 0.025 / max(1, len(self.z)))
        order = np.argsort(-np.abs(self.z), kind="stable")
        return order[np.abs(self.z[order]) > limit]


def word_contrast(given: Occurrences) -> Contrast:
    """Log-odds of words between the domains, with all words of both as the prior; a text counts a word once.

    Monroe, Colaresi & Quinn (Political Analysis 2008), Fightin' words, eq. 16, 22.
    """
    texts, numbers, _ = given.in_texts()
    spoken = np.array([any(map(str.isalnum, word)) for word in given.words], dtype=bool)
    first, second = (
        np.bincount(numbers[side], minlength=len(spoken))[spoken].astype(np.float64)
        for side in (texts < given.sources, texts >= given.sources)
    )
    names = tuple(word for word, kept in zip(given.words, spoken, strict=True) if kept)
    prior = PRIOR * (first + second) / max(1.0, float((first + second).sum()))
    log_odds = []
    for side in (first, second):
        smooth = side + prior
        log_odds.append(np.log(smooth) - np.log(smooth.sum() - smooth))
    size = log_odds[1] - log_odds[0]
    return Contrast(names, size / np.sqrt(1 / (first + prior) + 1 / (second + prior)), size, "words")


def mean_contrast(source: np.ndarray, target: np.ndarray, names: tuple[str, ...], what: str) -> Contrast:
    """Differences of the features' means (n, d) and (m, d) in standard deviations: Cohen's d, and Welch's z."""
    sides = [np.where(np.isfinite(side), side, 0.0) for side in (source, target)]
    first, second = (side.var(axis=0, ddof=1) for side in sides)
    gap = sides[1].mean(axis=0) - sides[0].mean(axis=0)
    spread, error = np.sqrt((first + second) / 2), np.sqrt(first / len(source) + second / len(target))
    tiny = 1e-12 * (1 + np.abs(sides[0]).max(axis=0, initial=0.0))
    size = np.where(np.abs(gap) > tiny, gap / np.maximum(spread, tiny), 0.0)
    return Contrast(names, np.where(np.abs(gap) > tiny, gap / np.maximum(error, tiny), 0.0), size, what)
