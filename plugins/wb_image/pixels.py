"""Images as feature vectors: their pixels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Self

import numpy as np

from workbench.data.inputs import Inputs
from workbench.errors import DataError, UsageError
from workbench.methods.featurizers import Featurizer
from workbench.plugins.entries import missing_extra

LARGEST = 512
SMALL = 32
"""Height and width up to which pictures, e.g. of digits, are taken for such that lie alike."""

LUMINANCE = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""Shares of red, green and blue in what is seen as bright (ITU-R BT.601)."""


class Pixels(Featurizer):
    """The pixels of images in reading order; scaled to rows of length 1 unless asked otherwise.

    Parameters
    ----------
    of : str
        Height and width to which every image is brought, without colours: ``pixels:16``. By default images are taken
        as they are and must be of one size.
    """

    scaling = "unit"
    caveat = ""

    def __init__(self, of: str = "") -> None:
        if of and not (of.isdigit() and 2 <= int(of) <= LARGEST):
            raise UsageError(f"--features pixels:{of}: give a height from 2 to {LARGEST}, e.g. pixels:16")
        self.side = int(of or 0)

    def fit(self, inputs: Inputs) -> Self:
        self.shape = (self.side, self.side) if self.side else self._shape_of(inputs)
        if max(self.shape[:2], default=0) > SMALL:
            self.caveat = f"pixels of {_said(self.shape[:2])} pictures are compared place by place, as they lie"
        return self

    def transform(self, inputs: Inputs) -> np.ndarray:
        if self.side:
            return np.stack([_brought_to(image, self.side) for image in inputs]).reshape(len(inputs), -1)
        shape = self._shape_of(inputs)
        if shape != self.shape:
            raise DataError(
                f"images of {_said(shape)} where {_said(self.shape)} is expected; bring them to one size, e.g. "
                "--features pixels:32"
            )
        return np.asarray(inputs, dtype=np.float64).reshape(len(inputs), -1)

    def save(self, folder: Path) -> None:
        (folder / "pixels.json").write_text(json.dumps({"shape": self.shape, "side": self.side}), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        about = json.loads((folder / "pixels.json").read_text(encoding="utf-8"))
        loaded = cls(str(about["side"] or ""))
        loaded.shape = tuple(about["shape"])
        return loaded

    @staticmethod
    def _shape_of(inputs: Inputs) -> tuple[int, ...]:
        shapes = {np.shape(image) for image in inputs}
        if len(shapes) > 1:
            sizes = " and ".join(sorted(_said(shape) for shape in shapes)[:2])
            raise DataError(f"images of different sizes ({sizes}); bring them to one, e.g. --features pixels:32")
        return shapes.pop() if shapes else ()


def _brought_to(image: np.ndarray, side: int) -> np.ndarray:
    """Grey values (side, side) of one image, of any range."""
    try:
        from PIL import Image
    except ModuleNotFoundError:
        raise missing_extra("--features pixels:SIZE", "Pillow", "images") from None
    values = np.asarray(image, dtype=np.float32)
    grey = values @ LUMINANCE if values.ndim == 3 and values.shape[-1] == 3 else values.reshape(values.shape[:2])
    resized = Image.fromarray(grey.astype(np.float32)).resize((side, side), Image.Resampling.BILINEAR)
    return np.asarray(resized, dtype=np.float64)


def _said(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))
