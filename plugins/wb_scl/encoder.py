"""Sentences to feature ids and projected features: what an SCL tagger sees."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from wb_scl.pivots import Pivot
from wb_scl.projection import Projection
from wb_text.tagging.features import FeatureSpace
from wb_text.tagging.tagger import Encoder, TaggerModel


@dataclass(frozen=True, eq=False)
class Inspection:
    """What lets people look inside an SCL run.

    Attributes
    ----------
    pivots : list of Pivot
    lexicon : dict
        For each labelled source word its count and most frequent tag.
    target_counts : dict
        How often each word occurs in the unlabelled target text, for words that occur at least three times.
    right : dict of ndarray
        √S Vᵀ of each feature group, the columns of the pivot words only.
    """

    pivots: list[Pivot]
    lexicon: dict[str, tuple[int, str]]
    target_counts: dict[str, int]
    right: dict[str, np.ndarray]

    def save(self, folder: Path) -> None:
        values = {
            "pivots": [[p.word, p.source_count, p.target_count] for p in self.pivots],
            "lexicon": self.lexicon,
            "target_counts": self.target_counts,
        }
        (folder / "inside.json").write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / "right.npz", **self.right)  # type: ignore[arg-type]

    @classmethod
    def load(cls, folder: Path) -> Self:
        values = json.loads((folder / "inside.json").read_text(encoding="utf-8"))
        with np.load(folder / "right.npz", allow_pickle=False) as arrays:
            right = {name: arrays[name] for name in arrays.files}
        pivots = [Pivot(*row) for row in values["pivots"]]
        return cls(pivots, {w: tuple(v) for w, v in values["lexicon"].items()}, values["target_counts"], right)


class SharedEncoder(Encoder):
    """The tagger's features and, beside them, their projection on the shared representation.

    Parameters
    ----------
    inspection : Inspection
        What ``wb scl`` shows of a run.
    """

    def __init__(self, space: FeatureSpace, projection: Projection, inspection: Inspection) -> None:
        super().__init__(space)
        self.projection, self.inspection = projection, inspection

    def dense(self, ids: np.ndarray) -> np.ndarray:
        return self.projection.transform(ids)

    def save(self, folder: Path) -> None:
        super().save(folder)
        self.projection.save(folder / "projection.npz")
        self.inspection.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        space = FeatureSpace.load(folder / "features.json")
        return cls(space, Projection.load(folder / "projection.npz"), Inspection.load(folder))


class SCLTaggerModel(TaggerModel):
    """A tagger over original and projected features."""

    encoder_type = SharedEncoder
    encoder: SharedEncoder
