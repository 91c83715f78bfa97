"""Sentences to feature ids and projected features: what an SCL tagger sees."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Self

import numpy as np

from wb_scl.projection import Projection
from wb_text.tagging.features import FeatureSpace
from wb_text.tagging.tagger import Encoder, TaggerModel


class SharedEncoder(Encoder):
    """The tagger's features and, beside them, their projection on the shared representation.

    ``pivots`` holds word, source count and target count of every pivot; ``singular`` the singular values of
    each group.
    """

    def __init__(self, space: FeatureSpace, projection: Projection, pivots: list[list], singular: dict) -> None:
        super().__init__(space)
        self.projection, self.pivots, self.singular = projection, pivots, singular

    def dense(self, ids: np.ndarray) -> np.ndarray:
        return self.projection.transform(ids)

    def save(self, folder: Path) -> None:
        super().save(folder)
        self.projection.save(folder / "projection.npz")
        about = {"pivots": self.pivots, "singular": self.singular}
        (folder / "pivots.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        about = json.loads((folder / "pivots.json").read_text(encoding="utf-8"))
        space = FeatureSpace.load(folder / "features.json")
        return cls(space, Projection.load(folder / "projection.npz"), about["pivots"], about["singular"])


class SCLTaggerModel(TaggerModel):
    """A tagger over original and projected features."""

    encoder_type = SharedEncoder
    encoder: SharedEncoder
