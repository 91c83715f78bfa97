"""Texts, and words of sentences, as feature vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Self

import numpy as np

from workbench.data.inputs import Inputs
from workbench.methods.featurizers import Featurizer


class TfIdf(Featurizer):
    """TF-IDF of words and word pairs, sublinear counts, rows of unit length.

    The vocabulary (terms in at least two texts) and the weights come from both domains' texts.
    """

    classifier = "logreg"

    def fit(self, inputs: Inputs) -> Self:
        self.vectorizer = self._new().fit(inputs)
        return self

    def transform(self, inputs: Inputs) -> Any:
        return self.vectorizer.transform(inputs)

    def save(self, folder: Path) -> None:
        terms = sorted(self.vectorizer.vocabulary_, key=self.vectorizer.vocabulary_.__getitem__)
        (folder / "terms.json").write_text(json.dumps(terms, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / "idf.npz", idf=self.vectorizer.idf_)

    @classmethod
    def load(cls, folder: Path) -> Self:
        terms = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        loaded = cls()
        loaded.vectorizer = cls._new(vocabulary=terms)
        with np.load(folder / "idf.npz", allow_pickle=False) as arrays:
            loaded.vectorizer.idf_ = arrays["idf"]
        return loaded

    @staticmethod
    def _new(**choices: Any) -> Any:
        from sklearn.feature_extraction.text import TfidfVectorizer

        return TfidfVectorizer(ngram_range=(1, 2), min_df=1 if choices else 2, sublinear_tf=True, **choices)


class WordShapes(Featurizer):
    """What a word looks like, as :data:`SHAPES` columns of 0 and 1: an uncased encoder sees no capitals.

    Nothing is learnt. Compare the rare-word features of Ratnaparkhi (EMNLP 1996, table 1).
    """

    def fit(self, inputs: Inputs) -> Self:
        return self

    def transform(self, inputs: Inputs) -> np.ndarray:
        rows = [shape(word, place) for words in inputs for place, word in enumerate(words)]
        return np.array(rows, dtype=np.float32).reshape(-1, SHAPES)

    def save(self, folder: Path) -> None:
        """Nothing to keep."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        return cls()


def shape(word: str, place: int) -> tuple[bool, ...]:
    """Answers about a word and its ``place`` in the sentence, :data:`SHAPES` of them."""
    upper, lower = (sum(map(is_it, word)) for is_it in (str.isupper, str.islower))
    digits = sum(map(str.isdigit, word))
    capital = word[:1].isupper()
    return (
        capital,
        capital and place > 0,
        place == 0,
        upper > 1,
        word.isupper() and len(word) > 1,
        upper > 0 and not capital,
        lower > 0,
        lower == len(word),
        digits > 0,
        digits == len(word),
        digits > 0 and upper + lower > 0,
        not any(map(str.isalnum, word)),
        len(word) == 1,
        *(sign in word for sign in "-/."),
    )


SHAPES = len(shape("", 0))
