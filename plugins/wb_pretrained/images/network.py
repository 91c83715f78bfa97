"""A pretrained image network with a new head, fine-tuned by depth."""

from __future__ import annotations

from typing import Self

import torch
from torch import Tensor, nn

from wb_pretrained.images.backbones import Backbone, depths_of, layers_of
from wb_pretrained.shared.fitting import Layered

MOMENTUM = 0.1
"""Of batch normalisation's statistics: EfficientNet's own 0.01 would not follow the weights in a short training."""


class ImageNetwork(Layered):
    """Features and a linear head over a backbone.

    Parameters
    ----------
    backbone : Backbone
    classes : int
    freeze : int
        How many of the lowest layers stay as they are, with the statistics of their batch normalisation.
    layer_decay, gradual
        See :class:`wb_pretrained.shared.fitting.Fitting`.
    """

    def __init__(
        self, backbone: Backbone, classes: int, freeze: int = -1, layer_decay: float = 1.0, gradual: bool = False
    ) -> None:
        super().__init__(classes, backbone.width, freeze, layer_decay, gradual)
        self.backbone = backbone.module
        self.places = [name for name, _ in layers_of(backbone.module)]
        self._depths = depths_of(backbone.module)
        for module in self.backbone.modules():
            if isinstance(module, nn.modules.batchnorm._BatchNorm):
                module.momentum = MOMENTUM
        self.register_buffer("mean", torch.tensor(backbone.mean)[:, None, None], persistent=False)
        self.register_buffer("deviation", torch.tensor(backbone.deviation)[:, None, None], persistent=False)
        self.mean: Tensor
        self.deviation: Tensor
        self.begin_epoch(0)

    @property
    def body(self) -> nn.Module:
        return self.backbone

    @property
    def layers(self) -> int:
        return len(self.places)

    def depth(self, name: str) -> int:
        return self._depths[name]

    def features(self, x: Tensor) -> Tensor:
        """Features (n, width) of pictures (n, 3, side, side), uint8, or floats in 0 … 1."""
        pixels = x.float() / 255 if x.dtype == torch.uint8 else x
        features: Tensor = self.backbone((pixels - self.mean) / self.deviation).flatten(1)
        return features

    def begin_epoch(self, epoch: int) -> None:
        super().begin_epoch(epoch)
        self.train(self.training)

    def train(self, mode: bool = True) -> Self:
        """Frozen layers keep the statistics of their batch normalisation, as when predicting."""
        super().train(mode)
        free = {name.rpartition(".")[0] for name, depth in self._depths.items() if depth >= self.lowest}
        for name, module in self.backbone.named_modules():
            if isinstance(module, nn.modules.batchnorm._BatchNorm) and name not in free:
                module.eval()
        return self
