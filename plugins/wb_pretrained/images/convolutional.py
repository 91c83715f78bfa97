"""Images as the features of a pretrained convolutional network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Self

import numpy as np

from wb_pretrained.shared.vectors import cached
from workbench.data.inputs import Inputs
from workbench.errors import UnknownName
from workbench.methods.featurizers import Featurizer

NETWORKS = ("efficientnet-lite0",)

BATCH = 32


class Convolutional(Featurizer):
    """The last features of a network trained on ImageNet; images of any size, grey or in colour."""

    classifier = "logreg"

    def __init__(self, network: str = "efficientnet-lite0") -> None:
        if network not in NETWORKS:
            raise UnknownName("network for cnn features", network, NETWORKS, f"there is: {', '.join(NETWORKS)}")
        self.network = network

    def fit(self, inputs: Inputs) -> Self:
        return self

    def transform(self, inputs: Inputs) -> Any:
        images = [np.asarray(image) for image in inputs]
        parts = [self.network.encode()]
        parts += [str((image.shape, image.dtype)).encode() + image.tobytes() for image in images]
        return cached(parts, lambda: _features(images))

    def save(self, folder: Path) -> None:
        (folder / "network.json").write_text(json.dumps({"network": self.network}), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        return cls(json.loads((folder / "network.json").read_text(encoding="utf-8"))["network"])


def _features(images: list[np.ndarray]) -> np.ndarray:
    """Features (n, 1280), float32."""
    import torch

    from wb_pretrained.images.efficientnet import WIDTH, prepared, pretrained
    from wb_pretrained.images.pictures import colour

    network = pretrained()
    out = np.zeros((len(images), WIDTH), dtype=np.float32)
    with torch.inference_mode():
        for start in range(0, len(images), BATCH):
            chosen = images[start : start + BATCH]
            out[start : start + BATCH] = network.features(torch.stack([prepared(colour(i)) for i in chosen])).numpy()
    return out
