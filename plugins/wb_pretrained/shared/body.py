"""What every pretrained body shares: the engine's settings and the pull back to the pretrained weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from wb_deep.bodies.body import Body
from wb_deep.bodies.model import DeepModel
from wb_pretrained.shared.settings import FittingParams

if TYPE_CHECKING:
    from torch import Tensor, nn


class PretrainedModel(DeepModel):
    """A pretrained network with its head, and what prepares its inputs."""

    preparations: ClassVar = {
        "sentences": "wb_pretrained.text.preparing:Sentences",
        "texts": "wb_pretrained.text.preparing:Texts",
        "pictures": "wb_pretrained.images.preparing:Pictures",
    }


class Pretrained(Body):
    """Base of bodies with pretrained weights and a new head: AdamW, the step size up and down, gradients clipped."""

    model = PretrainedModel
    training: ClassVar = {"decay": 0.01, "schedule": "linear", "clip": 1.0, "loss_rate": 1e-3}

    class Params(FittingParams):
        """Settings of the fine-tuning."""

    class AdaptingParams(FittingParams):
        """Settings of the fine-tuning with a loss between the domains."""

    def penalty(self, network: nn.Module) -> Callable[[], Tensor] | None:
        if not self.params.l2_sp:
            return None
        from wb_pretrained.shared.fitting import Layered, distance_penalty

        return distance_penalty(cast(Layered, network), self.params.l2_sp)
