"""What the tagger looks at in a single word, and how a run of sentences becomes arrays of word types.

Each distinct word is looked at once; everything per token is a NumPy gather.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np

Sentences = Sequence[Sequence[str]]

BOUNDARY = ""
"""The word type beyond both ends of a sentence."""

REACH = 2
"""How far from a token the farthest feature looks, in tokens."""

ATTRIBUTES = ("word", "lower", "suffix2", "suffix3", "suffix4", "shape", "flags")

_DIGIT = re.compile(r"[0-9]")
_RUN = re.compile(r"(.)\1+")
_KINDS = str.maketrans("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "a" * 26 + "A" * 26 + "0" * 10)


def shape_of(word: str) -> str:
    """Letters as ``a`` or ``A``, digits as ``0``, runs of one kind shortened to two: ``IL-12`` is ``AA-00``."""
    return _RUN.sub(r"\1\1", word.translate(_KINDS))


def flags_of(word: str) -> str:
    """Whether a word begins with a capital, holds a digit, holds a hyphen: three answers as a string."""
    answers = (word[:1].isupper(), any(c.isdigit() for c in word), "-" in word)
    return "".join("01"[answer] for answer in answers)


def attributes_of(word: str) -> tuple[str, ...]:
    """The values of :data:`ATTRIBUTES`; a word shorter than a suffix is its own suffix."""
    if word == BOUNDARY:
        return (BOUNDARY,) * len(ATTRIBUTES)
    lower = _DIGIT.sub("0", word.lower())
    return (word, lower, lower[-2:], lower[-3:], lower[-4:], shape_of(word), flags_of(word))


class Text:
    """Sentences as word-type ids, with room for the boundary between them.

    Attributes
    ----------
    types : list of str
        Distinct words; type 0 is the boundary.
    padded : ndarray of int32
        Type ids of all tokens, with :data:`REACH` boundaries before, between and after the sentences.
    positions : ndarray of int64, shape (tokens,)
        Where each token stands in ``padded``.
    offsets : ndarray of int64, shape (sentences + 1,)
        Sentence ``i`` holds the tokens ``offsets[i] … offsets[i + 1]``.
    """

    def __init__(self, sentences: Sentences) -> None:
        lengths = np.fromiter((len(s) for s in sentences), dtype=np.int64, count=len(sentences))
        self.offsets = np.concatenate([[0], np.cumsum(lengths)])
        words = list(chain.from_iterable(sentences))
        ids: dict[str, int] = {BOUNDARY: 0}
        flat = np.fromiter((ids.setdefault(w, len(ids)) for w in words), dtype=np.int32, count=len(words))
        self.types = list(ids)
        sentence_of = np.repeat(np.arange(len(lengths)), lengths)
        self.positions = np.arange(len(words)) + REACH * (sentence_of + 1)
        self.padded = np.zeros(len(words) + REACH * (len(lengths) + 1), dtype=np.int32)
        self.padded[self.positions] = flat

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def tokens(self) -> np.ndarray:
        """The type id of every token, shape (tokens,)."""
        return self.at(0)

    def at(self, offset: int) -> np.ndarray:
        """The type id of the word ``offset`` tokens away from every token."""
        return self.padded[self.positions + offset]

    def counts(self, offset: int = 0) -> np.ndarray:
        """How often each type occurs (at ``offset`` from some token)."""
        return np.bincount(self.at(offset), minlength=len(self.types))


def join(runs: Iterable[Sentences]) -> list[Sequence[str]]:
    """Several runs of sentences as one list."""
    return list(chain.from_iterable(runs))
