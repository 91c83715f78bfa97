"""Tags of words by counting: of the word itself, and of words that end alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

LONGEST = 4
"""Letters of an ending."""

PRIOR = 1.0
"""How many words with the tags of the shorter ending stand beside those that were seen."""


class Lexicon:
    """The shares of tags of each word, smoothed by its endings.

    Compare Samuelsson's successive abstraction in Brants (ANLP 2000), TnT, § 2.3.

    Parameters
    ----------
    sentences : sequence of lists of str
    tags : sequence of int arrays
        One id for each word.
    classes : int
    """

    def __init__(self, sentences: Sequence[Sequence[str]], tags: Sequence[np.ndarray], classes: int) -> None:
        self._counts: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(classes))
        pairs: dict[tuple[str, int], int] = defaultdict(int)
        for words, ids in zip(sentences, tags, strict=True):
            for word, tag in zip(words, ids, strict=True):
                pairs[word, int(tag)] += 1
        for (word, tag), times in pairs.items():
            for context in _contexts(word):
                # A frequent word says no more of its ending than a rare one: types count there, not tokens.
                self._counts[context][tag] += times if context == _whole(word) else 1
        self._known: dict[str, np.ndarray] = {}

    def probabilities(self, sentences: Sequence[Sequence[str]]) -> np.ndarray:
        """Probabilities of the tags of all words of the sentences in order, shape (tokens, C)."""
        return np.stack([self._of(word) for words in sentences for word in words])

    def _of(self, word: str) -> np.ndarray:
        if word not in self._known:
            total = self._counts[""]
            shares = total / max(total.sum(), 1.0)
            for context in _contexts(word)[1:]:
                counts = self._counts.get(context)
                if counts is not None:
                    shares = (counts + PRIOR * shares) / (counts.sum() + PRIOR)
            self._known[word] = shares
        return self._known[word]


def _whole(word: str) -> str:
    return f"={word}"


def _contexts(word: str) -> list[str]:
    """From the most general to the word itself; endings of capitalised words and of those with digits are their own."""
    form = "A" if word[:1].isupper() else "1" if any(map(str.isdigit, word)) else "a"
    lowered = word.lower()
    endings = [f"{form}{lowered[-n:]}" for n in range(1, min(LONGEST, len(lowered)) + 1)]
    return ["", form, *endings, _whole(word)]
