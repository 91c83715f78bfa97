"""Small networks that need no download: a LeNet for images, a perceptron for feature vectors."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

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
        for weights in self.body.parameters():  # with this layout half a convolution's time
            if weights.dim() == 4:
                weights.data = weights.data.contiguous(memory_format=self.layout)

    @property
    def stages(self) -> list[nn.Module]:
        """What gives the output of each layer, from the input up; the last gives the features."""
        return [module for module in self.body if isinstance(module, nn.ReLU)]

    def features(self, x: Tensor) -> Tensor:
        """Features (n, WIDTH)."""
        features: Tensor = self.body(x.contiguous(memory_format=self.layout))
        return features

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
