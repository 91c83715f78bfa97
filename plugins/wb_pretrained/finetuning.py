"""What fine-tuning methods share: the engine's settings and the pull back to the pretrained weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wb_deep.methods.base import DeepMethod
from wb_pretrained.settings import FittingParams

if TYPE_CHECKING:
    from torch import nn

    from wb_deep.training.options import Training


class FineTuning(DeepMethod):
    """Base of methods that train a pretrained network with a new head."""

    class Params(FittingParams):
        """Settings of the fine-tuning."""

    def training(self) -> Training:
        from wb_deep.training.options import Training

        p = self.params
        return Training(p.epochs, p.batch_size, p.rate, decay=0.01, schedule="linear", clip=1.0, term_rate=1e-3)

    def penalty(self, network: nn.Module) -> Any:
        if not self.params.l2_sp:
            return None
        from wb_pretrained.fitting import distance_penalty

        return distance_penalty(network, self.params.l2_sp)  # type: ignore[arg-type]
