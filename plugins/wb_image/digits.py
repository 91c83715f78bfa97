"""Digits without any download: scikit-learn's handwritten ones, and ones drawn in Matplotlib's fonts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from pydantic import Field

from workbench.data.corpus import Corpus
from workbench.data.generators import Generator
from workbench.data.readers import Examples
from workbench.settings import Settings

SPLITS = ("train", "test")

Drawn = tuple[np.ndarray, np.ndarray]
"""Images (n, h, w) as bytes and their digits (n,)."""


class Handwritten(Generator):
    """``digits``: 1,797 digits of 43 people (Alpaydin & Kaynak 1998), as scikit-learn ships them, scaled up."""

    class Params(Settings):
        """Settings of ``digits``."""

        size: int = Field(16, ge=8, le=256, description="Height and width in pixels.")

    def make(self, domain: str) -> Corpus:
        return _corpus("digits", "handwritten digits of scikit-learn", self.params, self._draw)

    def _draw(self) -> Drawn:
        from sklearn.datasets import load_digits

        digits = load_digits()
        return enlarged(digits.images / 16.0, self.params.size), digits.target


class Printed(Generator):
    """``fonts``: digits in Matplotlib's bundled fonts, turned, sheared, moved, blurred and noisy."""

    class Params(Settings):
        """Settings of ``fonts``."""

        size: int = Field(16, ge=8, le=256, description="Height and width in pixels.")
        n: int = Field(3000, ge=10, le=1_000_000, description="Images.")
        seed: int = Field(0, ge=0, description="Seed of fonts, digits and distortions.")
        noise: float = Field(0.08, ge=0, le=1, description="Standard deviation of the noise; 1 is from black to white.")

    def make(self, domain: str) -> Corpus:
        return _corpus("fonts", "digits drawn in Matplotlib's fonts", self.params, self._draw)

    def _draw(self) -> Drawn:
        from wb_image.rendering import render

        chosen = self.params
        return render(chosen.n, chosen.size, chosen.noise, np.random.default_rng(chosen.seed))


def enlarged(images: np.ndarray, size: int) -> np.ndarray:
    """Images (n, h, w) in [0, 1] at size × size by cubic interpolation, as bytes."""
    from scipy.ndimage import zoom

    larger = zoom(images, (1, size / images.shape[1], size / images.shape[2]), order=3, mode="nearest", grid_mode=True)
    return np.round(255 * np.clip(larger, 0, 1)).astype(np.uint8)


def _corpus(name: str, title: str, settings: Settings, draw: Callable[[], Drawn]) -> Corpus:
    def read(split: str, labelled: bool) -> Examples:
        images, labels = draw()
        return Examples(images, [str(label) for label in labels] if labelled else None)

    return Corpus(
        name=name,
        task="classification",
        edition="generated",
        splits=SPLITS,
        read=read,
        title=title,
        one_pool=True,
        digests={key: str(value) for key, value in settings.model_dump().items()},
    )
