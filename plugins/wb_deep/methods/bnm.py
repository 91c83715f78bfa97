"""Batch nuclear-norm maximisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wb_deep.losses.ramp import ramp
from wb_deep.methods import fields
from wb_deep.methods.adaptation import Adaptation, LossParams

if TYPE_CHECKING:
    from torch import Tensor

    from wb_deep.training.loss import Step


class BNM(Adaptation):
    """Batch nuclear-norm maximisation of the target's predictions: sure and diverse.

    L = −ramp(p) · ‖softmax(Z / T)‖_* / m, the nuclear norm of the batch's predictions (m, classes) at a temperature T.

    Source: Cui et al. (CVPR 2020), Towards discriminability and diversity: batch nuclear-norm maximization under label
    insufficient situations, eq. 9–10.

    Differs from the paper
    ----------------------
    Over the small network the predictions are softened by a temperature, as in MCC; six times the weight, along a ramp.
    """

    class Params(LossParams):
        """Settings of the loss."""

        weight: float = fields.weight(6.0)
        steepness: float = fields.steepness(10.0)
        temperature: float = fields.temperature(4.0)

    defaults: ClassVar = {"rate": 2e-3, "standardise": "spread"}

    def loss(self, step: Step) -> Tensor:
        import torch

        p = (step.target_logits / self.params.temperature).softmax(1)
        return -ramp(step.progress, self.params.steepness) * torch.linalg.matrix_norm(p, "nuc") / len(p)
