"""SCL's projected features of words, for other methods to read beside their own."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np

from wb_scl.projection import Projection
from wb_scl.representation import SharedParams, learn
from wb_text.tagging.features import FeatureSpace
from wb_text.tagging.words import Text
from workbench.data.inputs import Inputs
from workbench.errors import UsageError
from workbench.methods.featurizers import Featurizer


class SharedWords(Featurizer):
    """The projection of each word's context features on what both domains share; the labels of neither are seen.

    Settings are SCL's defaults.

    References
    ----------
    Blitzer, McDonald & Pereira (EMNLP 2006), Domain adaptation with structural correspondence learning.
    """

    def fit(self, inputs: Inputs) -> Self:
        raise UsageError("features 'scl' are what two domains share: they are learnt from a source and a target")

    def fit_domains(self, source: Inputs, target: Inputs) -> Self:
        shared = learn(source, target, SharedParams())
        self.space, self.projection = shared.space, shared.projection
        return self

    def transform(self, inputs: Inputs) -> np.ndarray:
        return self.projection.transform(self.space.transform(Text(inputs)))

    def save(self, folder: Path) -> None:
        self.space.save(folder / "features.json")
        self.projection.save(folder / "projection.npz")

    @classmethod
    def load(cls, folder: Path) -> Self:
        featurizer = cls()
        featurizer.space = FeatureSpace.load(folder / "features.json")
        featurizer.projection = Projection.load(folder / "projection.npz")
        return featurizer
