"""Small networks that need no download: a LeNet for images, a perceptron for feature vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import torch
from torch import Tensor, nn

from wb_deep.bodies.contract import Preparation
from wb_deep.training.data import Data
from workbench.data.domains import Domain, Predictions
from workbench.data.inputs import Inputs
from workbench.errors import UsageError
from workbench.methods.featurizers import Featurizer, load_featurizer, save_featurizer

if TYPE_CHECKING:
    from workbench.plugins.loading import Host

WIDTH = 128
"""Units of the last hidden layer: the features that domains are aligned in."""


class Network(nn.Module):
    """Features and a linear head.

    Parameters
    ----------
    shape : tuple of int
        Of one example: (d,) for a vector, (channels, height, width) for an image.
    classes : int
    """

    def __init__(self, shape: tuple[int, ...], classes: int) -> None:
        super().__init__()
        self.shape, self.classes, self.width = shape, classes, WIDTH
        self.body = perceptron(shape[0]) if len(shape) == 1 else lenet(shape)
        self.head = nn.Linear(WIDTH, classes)
        self.layout = torch.contiguous_format if len(shape) == 1 else torch.channels_last
        self.body.to(memory_format=self.layout)  # type: ignore[call-overload]  # with it half a convolution's time

    @property
    def stages(self) -> list[nn.Module]:
        """What gives the output of each layer, from the input up; the last gives the features."""
        return [module for module in self.body if isinstance(module, nn.ReLU)]

    def features(self, x: Tensor) -> Tensor:
        """Features (n, WIDTH)."""
        found: Tensor = self.body(x.contiguous(memory_format=self.layout))
        return found

    def forward(self, x: Tensor) -> Tensor:
        """Logits (n, classes)."""
        out: Tensor = self.head(self.features(x))
        return out

    def parameter_groups(self, rate: float) -> list[dict[str, Any]]:
        """All of it, with one step size."""
        return [{"params": list(self.parameters()), "lr": rate}]

    def begin_epoch(self, epoch: int) -> None:
        """All of it is trained from the start."""


def lenet(shape: tuple[int, ...]) -> nn.Sequential:
    """Two 3 × 3 convolutions (16 and 32 channels), each pooled before it is rectified, and a dense layer."""
    channels, height, width = shape
    size = (height // 4) * (width // 4)
    return nn.Sequential(
        nn.Conv2d(channels, 16, 3, padding=1),
        nn.BatchNorm2d(16),
        nn.MaxPool2d(2),  # before the ReLU, which commutes with it and then has a quarter of the work
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.BatchNorm2d(32),
        nn.MaxPool2d(2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(32 * size, WIDTH),
        nn.BatchNorm1d(WIDTH),
        nn.ReLU(),
    )


def perceptron(inputs: int) -> nn.Sequential:
    """One hidden layer."""
    return nn.Sequential(nn.Linear(inputs, WIDTH), nn.BatchNorm1d(WIDTH), nn.ReLU())


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

    def data(self, source: Domain, target: Domain) -> Data:
        x, other = self._vectors(source.inputs), self._vectors(target.inputs)
        if x.shape[1:] != other.shape[1:]:
            raise UsageError(f"the domains differ in shape: {tuple(x.shape[1:])} and {tuple(other.shape[1:])}")
        self.shape, labels = tuple(x.shape[1:]), torch.from_numpy(np.asarray(source.labels))
        centre, scale = _spread(x)
        self.centre, self.scale = (centre, scale) if self.standardise == "source" else _spread(other)
        if self.standardise == "spread":
            centre = self.centre = 0.0
        return Data((x - centre) / scale, labels, (other - self.centre) / self.scale)

    def network(self, classes: int) -> nn.Module:
        return Network(self.shape, classes)

    def predict(self, network: nn.Module, inputs: Inputs, classes: tuple[str, ...]) -> Predictions:
        x = self._vectors(inputs)
        if tuple(x.shape[1:]) != self.shape:
            raise UsageError(f"examples of shape {tuple(x.shape[1:])} where {self.shape} is expected")
        x = (x - self.centre) / self.scale
        with torch.no_grad():
            p = torch.cat([network(batch).softmax(1) for batch in x.split(1024)]).double().numpy()
        return Predictions(p.argmax(axis=1), classes, p / p.sum(axis=1, keepdims=True))

    def save(self, network: nn.Module, folder: Path) -> None:
        arrays = {name: value.numpy() for name, value in network.state_dict().items()}
        np.savez(folder / "network.npz", **arrays)  # type: ignore[arg-type]
        about = {"featurizer": save_featurizer(self.featurizer, folder), "shape": self.shape}
        about |= {"centre": self.centre, "scale": self.scale}
        (folder / "preparation.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, classes: int, host: Host) -> tuple[Self, nn.Module]:
        about = json.loads((folder / "preparation.json").read_text(encoding="utf-8"))
        featurizer = load_featurizer(about["featurizer"], folder, host)
        found = cls(featurizer, "source", tuple(about["shape"]), about["centre"], about["scale"])
        network = found.network(classes)
        with np.load(folder / "network.npz", allow_pickle=False) as arrays:
            network.load_state_dict({name: torch.from_numpy(arrays[name]) for name in arrays.files})
        return found, network

    @property
    def picture(self) -> tuple[int, int, int] | None:
        return (self.shape[0], self.shape[1], self.shape[2]) if len(self.shape) == 3 else None

    def seen(self, pictures: Tensor) -> Tensor:
        return (pictures - self.centre) / self.scale

    def _vectors(self, inputs: Inputs) -> Tensor:
        return tensor_of(inputs if self.featurizer is None else self.featurizer.transform(inputs))
