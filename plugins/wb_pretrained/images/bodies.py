"""Pretrained image networks as bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from wb_deep.bodies.body import BATCH_NORM
from wb_deep.bodies.model import torch_or_advice
from wb_pretrained.shared.body import Pretrained
from wb_pretrained.shared.settings import FittingParams
from workbench.data.domains import Domain, Problem
from workbench.progress import Progress

if TYPE_CHECKING:
    from wb_deep.bodies.contract import Preparation


class HeadParams(FittingParams):
    """Settings that fine-tuning shares with its baseline."""

    model: str = Field(
        "efficientnet-lite0", description="efficientnet-lite0 (bundled) or a network of torchvision.models."
    )
    weights: str = Field(
        "default", description="default, another name of torchvision's, a file (safetensors or state dict), or none."
    )
    image_size: int = Field(0, ge=0, le=2048, description="Side of the square that it sees; 0: what it was made for.")


class ImageParams(HeadParams):
    """Settings of the fine-tuning."""

    freeze: str = Field("none", description="What stays as it is: none, all-but-head, or N, the lowest layers.")


class Images(Pretrained):
    """A pretrained image network with a new head, trained by depth."""

    takes = ("images",)
    trial: ClassVar = {"image_size": 48, "epochs": 1}

    class Params(ImageParams):
        """Settings of the fine-tuning."""

    class AdaptingParams(ImageParams):
        """The same, and how the domains are batched."""

        batch_norm: Literal["joint", "separate"] = BATCH_NORM

    def prepare(self, source: Domain, problem: Problem, progress: Progress) -> Preparation:
        torch_or_advice()
        from wb_pretrained.images.backbones import load_backbone
        from wb_pretrained.images.preparing import Pictures
        from wb_pretrained.shared.fitting import Fitting

        p = self.params
        fitting = Fitting(self.frozen(), p.layer_decay, p.gradual_unfreezing)
        progress.update(0.0, f"{p.model}, images as squares")
        return Pictures(load_backbone(p.model, p.weights), fitting, p.image_size)

    def frozen(self) -> str:
        """What is not trained, as ``--freeze`` says it."""
        frozen: str = self.params.freeze
        return frozen


class FrozenImages(Images):
    """The same with all but the head as it is."""

    class Params(HeadParams):
        """Settings of the head's training."""

    def frozen(self) -> str:
        return "all-but-head"
