"""Images as squares for a pretrained network, and the network in its folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import torch
from torch import Tensor, nn

from wb_deep.bodies.contract import Preparation
from wb_deep.training.data import Data
from wb_pretrained.images.backbones import Backbone, layers_of, load_backbone
from wb_pretrained.images.network import ImageNetwork
from wb_pretrained.images.pictures import squares
from wb_pretrained.shared.fitting import Fitting
from workbench.data.domains import Domain, Predictions
from workbench.data.inputs import Inputs

if TYPE_CHECKING:
    from workbench.plugins.loading import Host

BATCH = 64
"""Pictures that are predicted together."""


class Pictures(Preparation):
    """Images of any size, grey or in colour, resized and cut to the network's square."""

    name = "pictures"

    def __init__(self, backbone: Backbone, fitting: Fitting | None = None, side: int = 0) -> None:
        self.backbone, self.fitting, self.side = backbone, fitting or Fitting(), side or backbone.side

    def data(self, source: Domain, target: Domain) -> Data:
        labels = torch.from_numpy(np.asarray(source.labels))
        return Data(self._squares(source.inputs), labels, self._squares(target.inputs))

    def network(self, classes: int) -> nn.Module:
        frozen = self.fitting.depth(len(layers_of(self.backbone.module)))
        return ImageNetwork(self.backbone, classes, frozen, self.fitting.layer_decay, self.fitting.gradual)

    def predict(self, network: Any, inputs: Inputs, classes: tuple[str, ...]) -> Predictions:
        parts = []
        with torch.inference_mode():
            for start in range(0, len(inputs), BATCH):
                chosen = [inputs[i] for i in range(start, min(start + BATCH, len(inputs)))]
                parts.append(network(self._squares(chosen)).softmax(1))
        p = torch.cat(parts).double().numpy()
        return Predictions(p.argmax(axis=1), classes, p / p.sum(axis=1, keepdims=True))

    def save(self, network: Any, folder: Path) -> None:
        from safetensors.torch import save_file

        save_file({name: x.contiguous() for name, x in network.state_dict().items()}, folder / "network.safetensors")
        about = {"network": self.backbone.name, "side": self.side}
        (folder / "preparation.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, classes: int, host: Host) -> tuple[Self, nn.Module]:
        from safetensors.torch import load_file

        about: dict[str, Any] = json.loads((folder / "preparation.json").read_text(encoding="utf-8"))
        prepared = cls(load_backbone(about["network"], "none"), side=about["side"])
        network = prepared.network(classes)
        network.load_state_dict(load_file(folder / "network.safetensors"))
        return prepared, network

    @property
    def picture(self) -> tuple[int, int, int]:
        return 3, self.side, self.side

    def _squares(self, inputs: Inputs) -> Tensor:
        return squares(inputs, self.side)
