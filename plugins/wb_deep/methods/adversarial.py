"""What methods with a domain discriminator share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from wb_deep.methods import fields
from wb_deep.methods.adaptation import Adaptation, LossParams

if TYPE_CHECKING:
    from torch import nn


class Adversarial(Adaptation):
    """Base of methods whose features fool a discriminator behind a gradient reversal; its accuracy is traced.

    The features are pulled less, and the discriminators move faster, than where both have one step size: otherwise
    the discriminators fall behind, and their gradient says nothing.
    """

    class Params(LossParams):
        """Settings of the loss and of its discriminators."""

        weight: float = fields.weight(0.3)
        discriminator_rate: float = fields.discriminator_rate(5e-3)

    defaults: ClassVar = {"batch_norm": "separate", "average": 0.5}

    def inputs(self, width: int, classes: int) -> int:
        """How many numbers the discriminator reads of an example."""
        return width

    def new_state(self, network: Any, classes: int) -> nn.Module:
        from wb_deep.losses.discriminators import Accuracy, discriminator
        from wb_deep.losses.state import State

        return State(discriminator=discriminator(self.inputs(network.width, classes)), accuracy=Accuracy())

    def after_epoch(self) -> dict[str, float]:
        accuracy: dict[str, float] = self.state.accuracy.after_epoch()
        return accuracy
