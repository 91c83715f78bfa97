"""Images and feature vectors as tensors of one scale, for a small network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import torch
from torch import Tensor, nn

from wb_deep.bodies.contract import Preparation
from wb_deep.bodies.networks import Network
from wb_deep.training.data import Data
from workbench.data.domains import Domain, Predictions
from workbench.data.inputs import Inputs
from workbench.errors import UsageError
from workbench.methods.featurizers import Featurizer, load_featurizer, save_featurizer

if TYPE_CHECKING:
    from workbench.plugins.loading import Host


def tensor_of(inputs: Inputs) -> Tensor:
    """Examples as float32: vectors (n, d), or images (n, channels, height, width) in 0 … 1.

    Raises :class:`UsageError` for anything else.
    """
    values = inputs.toarray() if hasattr(inputs, "toarray") else np.asarray(inputs)
    if values.dtype.kind not in "fiub" or values.ndim not in (2, 3, 4):
        raise UsageError("deep methods take images of one size, feature vectors or texts")
    x: Tensor = torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))
    if values.dtype == np.uint8:
        x = x / 255.0
    if x.ndim == 3:
        return x[:, None]
    return x.permute(0, 3, 1, 2).contiguous() if x.ndim == 4 else x


def _spread(x: Tensor) -> tuple[float, float]:
    """Mean and deviation of all values; 1 for a deviation of 0."""
    return float(x.mean()), float(x.std()) or 1.0


class Numbers(Preparation):
    """Images and vectors, moved and divided by one mean and one deviation, for a small network.

    Convolutions see zeros beyond an image's edge, which "spread" alone leaves the same as black.

    Parameters
    ----------
    featurizer : Featurizer or None
        Makes vectors of texts or images first.
    standardise : {"source", "each", "spread"}
        Mean and deviation are the source's, or each domain's own, and so the target's for what is predicted; "spread":
        the same without the mean.
    """

    name = "numbers"

    def __init__(
        self,
        featurizer: Featurizer | None = None,
        standardise: str = "source",
        shape: tuple[int, ...] = (),
        centre: float = 0.0,
        scale: float = 1.0,
    ) -> None:
        self.featurizer, self.standardise = featurizer, standardise
        self.shape, self.centre, self.scale = shape, centre, scale
        self.of_source = centre, scale

    def data(self, source: Domain, target: Domain) -> Data:
        x, other = self._vectors(source.inputs), self._vectors(target.inputs)
        if x.shape[1:] != other.shape[1:]:
            raise UsageError(f"the domains differ in shape: {tuple(x.shape[1:])} and {tuple(other.shape[1:])}")
        self.shape, labels = tuple(x.shape[1:]), torch.from_numpy(np.asarray(source.labels))
        centre, scale = _spread(x)
        self.centre, self.scale = (centre, scale) if self.standardise == "source" else _spread(other)
        if self.standardise == "spread":
            centre = self.centre = 0.0
        self.of_source = centre, scale
        return Data((x - centre) / scale, labels, (other - self.centre) / self.scale)

    def network(self, classes: int) -> nn.Module:
        return Network(self.shape, classes)

    def predict(self, network: Any, inputs: Inputs, classes: tuple[str, ...]) -> Predictions:
        return self._predicted(network, inputs, classes, self.centre, self.scale)

    def predict_source(self, network: Any, inputs: Inputs, classes: tuple[str, ...]) -> Predictions:
        return self._predicted(network, inputs, classes, *self.of_source)

    def _predicted(
        self, network: Any, inputs: Inputs, classes: tuple[str, ...], centre: float, scale: float
    ) -> Predictions:
        x = self._vectors(inputs)
        if tuple(x.shape[1:]) != self.shape:
            raise UsageError(f"examples of shape {tuple(x.shape[1:])} where {self.shape} is expected")
        x = (x - centre) / scale
        with torch.no_grad():
            p = torch.cat([network(batch).softmax(1) for batch in x.split(1024)]).double().numpy()
        return Predictions(p.argmax(axis=1), classes, p / p.sum(axis=1, keepdims=True))

    def save(self, network: Any, folder: Path) -> None:
        arrays = {name: value.numpy() for name, value in network.state_dict().items()}
        np.savez(folder / "network.npz", **arrays)
        featurizer = save_featurizer(self.featurizer, folder)
        about = {"featurizer": featurizer, "shape": self.shape, "centre": self.centre, "scale": self.scale}
        (folder / "preparation.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, classes: int, host: Host) -> tuple[Self, nn.Module]:
        about = json.loads((folder / "preparation.json").read_text(encoding="utf-8"))
        featurizer = load_featurizer(about["featurizer"], folder, host)
        prepared = cls(featurizer, "source", tuple(about["shape"]), about["centre"], about["scale"])
        network = prepared.network(classes)
        with np.load(folder / "network.npz", allow_pickle=False) as arrays:
            network.load_state_dict({name: torch.from_numpy(arrays[name]) for name in arrays.files})
        return prepared, network

    @property
    def picture(self) -> tuple[int, int, int] | None:
        return (self.shape[0], self.shape[1], self.shape[2]) if len(self.shape) == 3 else None

    def seen(self, pictures: Tensor) -> Tensor:
        return (pictures - self.centre) / self.scale

    def _vectors(self, inputs: Inputs) -> Tensor:
        return tensor_of(inputs if self.featurizer is None else self.featurizer.transform(inputs))
