"""Reviews of products: candidate words, and which of them name an aspect of the product or an opinion of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from pydantic import Field

from workbench.data.readers import Examples, Reader, SourceFile
from workbench.errors import DataError
from workbench.settings import Settings

ASPECT, OPINION, OTHER = "aspect", "opinion", "other"
TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|[^\sa-z]")
_PHRASE = re.compile(r"([^,\[\]]+?)\s*\[[+-]")
_WORD = re.compile(r"[a-z]+")
_MARK = "##"
_LEXICON = "-words.txt"


@dataclass(frozen=True, eq=False)
class Reviews:
    """The sentences of one product's reviews, without their annotations.

    Attributes
    ----------
    name : str
    sentences : tuple of tuple of str
        Lower-cased tokens.
    minimum_count : int
        Candidates occur at least so often.
    """

    name: str
    sentences: tuple[tuple[str, ...], ...] = field(repr=False)
    minimum_count: int = 8

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(token for sentence in self.sentences for token in sentence)

    @cached_property
    def candidates(self) -> tuple[str, ...]:
        """Frequent words of three letters or more that are no function words, sorted."""
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

        return tuple(
            sorted(
                w
                for w, n in self.counts.items()
                if n >= self.minimum_count and w.isalpha() and len(w) > 2 and w not in ENGLISH_STOP_WORDS
            )
        )


class Candidate(NamedTuple):
    """A word of some reviews that may name an aspect or an opinion."""

    reviews: Reviews
    word: str

    def __repr__(self) -> str:
        return f"{self.word} ({self.reviews.name})"


def reviews_of(candidates: Iterable[Candidate]) -> list[Reviews]:
    """The reviews that candidates belong to, in order of appearance."""
    return list(dict.fromkeys(candidate.reviews for candidate in candidates))


class AnnotatedReviews(Reader):
    """One sentence a line, ``aspect[+2], other aspect[-1]##the sentence``, as in Hu & Liu (KDD 2004).

    Lines without ``##`` are titles and comments. A word is an aspect word when it stands in some annotated aspect.
    """

    class Params(Settings):
        """Which words are candidates."""

        minimum_count: int = Field(8, ge=1, le=10_000, description="Candidates occur at least so often.")
        encoding: str = Field("latin-1", description="Encoding of the files.")

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        return b"##" in head and (b"[+" in head or b"[-" in head)

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        sentences, aspects = self._parse(files)
        reviews = self._reviews(files[0].name, sentences)
        return _examples(reviews, dict.fromkeys(aspects, ASPECT), labelled)

    def _parse(self, files: Sequence[SourceFile]) -> tuple[list[tuple[str, ...]], set[str]]:
        """The sentences without their annotations, and the words of the annotated aspects."""
        sentences: list[tuple[str, ...]] = []
        aspects: set[str] = set()
        for file in files:
            for line in file.read_text(self.params.encoding).splitlines():
                annotation, mark, text = line.partition(_MARK)
                if mark:
                    sentences.append(tuple(TOKEN.findall(text.lower())))
                    aspects.update(w for phrase in _PHRASE.findall(annotation) for w in _WORD.findall(phrase.lower()))
        return sentences, aspects

    def _reviews(self, path: str, sentences: list[tuple[str, ...]]) -> Reviews:
        if not sentences:
            raise DataError(f"{path}: no sentence; lines look like 'aspect[+2]##the sentence'")
        name = path.rpartition("/")[2].partition(".")[0]
        reviews = Reviews(name, tuple(sentences), self.params.minimum_count)
        if not reviews.candidates:
            raise DataError(f"{path}: no word occurs {self.params.minimum_count} times; lower ?minimum_count=")
        return reviews


class ReviewsWithLexicon(AnnotatedReviews):
    """The same reviews, where a word is an opinion word when a lexicon lists it.

    The lexicon's files come after the reviews', have names that end in ``-words.txt``, and hold one word a line;
    lines that begin with a semicolon are comments, as in Hu and Liu's opinion lexicon.
    """

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        return False

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        listed = [file for file in files if file.name.endswith(_LEXICON)]
        if not listed:
            raise DataError(f"{files[0].name}: no lexicon beside it; give files whose names end in '{_LEXICON}'")
        lines = [line.strip() for f in listed for line in f.read_text(self.params.encoding).splitlines()]
        words = {line.lower(): OPINION for line in lines if line and not line.startswith(";")}
        reviewed = [file for file in files if file not in listed]
        if not reviewed:
            raise DataError(f"{listed[0].name}: a lexicon without reviews beside it")
        reviews = self._reviews(reviewed[0].name, self._parse(reviewed)[0])
        return _examples(reviews, words, labelled)


def _examples(reviews: Reviews, kinds: Mapping[str, str], labelled: bool) -> Examples:
    """The candidates, each of the kind that its word has, or of none."""
    inputs = [Candidate(reviews, word) for word in reviews.candidates]
    return Examples(inputs, [kinds.get(word, OTHER) for word in reviews.candidates] if labelled else None)
