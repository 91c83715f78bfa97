"""Pseudo labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_deep.losses.ramp import ramp
from wb_deep.methods import fields
from wb_deep.methods.adaptation import Adaptation, LossParams

if TYPE_CHECKING:
    from torch import Tensor

    from wb_deep.training.loss import Step


class PseudoLabel(Adaptation):
    """Cross-entropy with the target's own sure predictions; unsure examples count as nothing.

    L = ramp(p) · mean_j [max y_j ≥ τ] · −log max y_j, y_j (classes,) the prediction for a target example, τ the
    threshold.

    Source: Lee (ICML workshops 2013), Pseudo-label; the threshold is FixMatch's (Sohn et al., NeurIPS 2020).

    Differs from the paper
    ----------------------
    Only sure predictions become labels; the weight grows along the ramp of Ganin et al., not in the paper's two steps;
    no denoising pretraining.
    """

    class Params(LossParams):
        """Settings of the loss."""

        threshold: float = fields.threshold(0.95)

    def loss(self, step: Step) -> Tensor:
        from torch.nn import functional

        confidence, label = step.target_logits.softmax(1).detach().max(1)
        losses = functional.cross_entropy(step.target_logits, label, reduction="none")
        return ramp(step.progress) * (losses * (confidence >= self.params.threshold)).mean()
