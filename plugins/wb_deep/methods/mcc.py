"""Minimum class confusion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from wb_deep.methods import fields
from wb_deep.methods.adaptation import Adaptation, LossParams

if TYPE_CHECKING:
    from torch import Tensor, nn

    from wb_deep.training.loss import Step


class MCC(Adaptation):
    """Minimum class confusion of the target's predictions.

    L = mean_c Σ_{c' ≠ c} C'_cc', with C = Yᵀ W Y (classes, classes), C' its rows divided by their sums, Y (m, classes)
    the predictions at a temperature, W their weights 1 + exp(−entropy), scaled to a mean of 1.

    Source: Jin, Wang, Long & Wang (ECCV 2020), Minimum class confusion for versatile domain adaptation, eq. 2–6.

    Differs from the paper
    ----------------------
    Over the small network the confusion is that of the last steps, with one and a half times the weight, and the
    network's weights are averaged over the last half of the training. All of it helps where the classes' shares differ.
    """

    class Params(LossParams):
        """Settings of the loss."""

        weight: float = fields.weight(1.5)
        memory: float = fields.memory(0.8, "confusion")
        temperature: float = fields.temperature(2.5)

    defaults: ClassVar = {"standardise": "source", "average": 0.5}

    def new_state(self, network: Any, classes: int) -> nn.Module:
        import torch

        from wb_deep.losses.state import State

        return State(past=torch.zeros(classes, classes))

    def loss(self, step: Step) -> Tensor:
        from wb_deep.losses.predictions import blended, class_confusion, correlations

        now, past = correlations(step.target_logits, self.params.temperature), self.state.past
        average = blended(now, past.to(now), self.params.memory) if past.any() else now
        past.copy_(average.detach())
        return class_confusion(average)
