"""WB005: words of the target, or features, that the source does not know."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from wb_diagnosis.features import kind
from wb_diagnosis.intervals import graded, percent, percents, wilson
from wb_diagnosis.unknown_words import unknown_words
from workbench.data.checks import Check, Finding, NotApplicable
from workbench.data.pairs import Pair

NOTE, ISSUE = 0.01, 0.10
"""How many more words must surely be unknown, as a share of all, for a note, for an issue."""

COLUMNS = 0.01
"""A share of features that never vary in the source, from which on it is told."""


class Vocabulary(Check):
    """Counts the target's words that half of the source does not hold, beside those of its other half.

    Of feature vectors it counts the features that vary in the target and not in the source.
    """

    code: ClassVar[str] = "WB005"
    title: ClassVar[str] = "unknown words"

    def check(self, pair: Pair) -> Finding:
        name = pair.computed(kind)
        if name == "matrix":
            return self._features(pair.source.inputs, pair.target.inputs)
        if name == "images":
            raise NotApplicable("images have no vocabulary")
        return self._words(pair)

    def _words(self, pair: Pair) -> Finding:
        words = pair.computed(unknown_words)
        interval = words.interval
        measured = (
            f"{percent(words.target)} of the target's words are unknown to half of the source, {percent(words.own)} of "
            f"its other half's: {100 * words.more:+.1f} points ({100 * interval[0]:+.1f} to {100 * interval[1]:+.1f})"
        )
        status = graded(interval[0], NOTE, ISSUE)
        if status == "passed":
            return Finding(self.code, status, measured, words.more, interval)
        advice = "A classifier of words is blind to them: methods that learn what they stand for, scl first."
        details = (f"most frequent: {' '.join(words.frequent)}",)
        return Finding(self.code, status, measured, words.more, interval, advice, pair.command("scl"), details)

    def _features(self, source: Any, target: Any) -> Finding:
        varies = [_varies(side) for side in (source, target)]
        new, used = int(np.sum(varies[1] & ~varies[0])), int(varies[1].sum())
        share, interval = new / max(1, used), wilson(new, max(1, used))
        message = f"{new:,} of the target's {used:,} features never vary in the source: {percent(share)}"
        status = graded(share, COLUMNS, np.inf)
        advice = "Nothing can be learnt of them from the source's labels." if status == "note" else ""
        return Finding(self.code, status, f"{message} ({percents(interval)})", share, interval, advice)


def _varies(matrix: Any) -> np.ndarray:
    if hasattr(matrix, "tocsr"):
        return np.asarray((matrix.max(axis=0) != matrix.min(axis=0)).todense()).ravel()
    return np.asarray(np.nanmax(matrix, axis=0) != np.nanmin(matrix, axis=0))
