"""Texts as feature vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Self

import numpy as np

from workbench.domains import Inputs
from workbench.features import Featurizer


class TfIdf(Featurizer):
    """TF-IDF of words and word pairs, sublinear counts, rows of unit length.

    The vocabulary (terms in at least two texts) and the weights come from both domains' texts.
    """

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
