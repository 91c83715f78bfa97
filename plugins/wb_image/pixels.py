"""Images as feature vectors: their pixels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Self

import numpy as np

from workbench.domains import Inputs
from workbench.errors import DataError
from workbench.features import Featurizer


class Pixels(Featurizer):
    """The pixels of images of one size, in reading order; scaled to rows of length 1 unless asked otherwise."""

    scaling = "unit"

    def fit(self, inputs: Inputs) -> Self:
        self.shape = self._shape_of(inputs)
        return self

    def transform(self, inputs: Inputs) -> np.ndarray:
        found = self._shape_of(inputs)
        if found != self.shape:
            raise DataError(f"images of {_said(found)} where {_said(self.shape)} is expected; bring them to one size")
        return np.asarray(inputs, dtype=np.float64).reshape(len(inputs), -1)

    def save(self, folder: Path) -> None:
        (folder / "pixels.json").write_text(json.dumps(self.shape), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        loaded = cls()
        loaded.shape = tuple(json.loads((folder / "pixels.json").read_text(encoding="utf-8")))
        return loaded

    @staticmethod
    def _shape_of(inputs: Inputs) -> tuple[int, ...]:
        shapes = {np.shape(image) for image in inputs}
        if len(shapes) > 1:
            sizes = " and ".join(sorted(_said(shape) for shape in shapes)[:2])
            raise DataError(f"images of different sizes ({sizes}); bring them to one size, e.g. READER:PATH?size=32")
        return shapes.pop() if shapes else ()


def _said(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))
