"""Information maximisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from wb_deep.losses.ramp import ramp
from wb_deep.methods import fields
from wb_deep.methods.adaptation import Adaptation, LossParams

if TYPE_CHECKING:
    from torch import Tensor, nn

    from wb_deep.training.loss import Step


class InformationMaximisation(Adaptation):
    """Target predictions that are sure one by one and balanced together.

    L = ramp(p) · [mean_j H(softmax(z_j / T)) + Σ_c ȳ_c log(ȳ_c / q_c)], H the entropy, z_j (classes,) the logits of a
    target example, ȳ the mean prediction over the last steps, q the wanted shares: equal ones, or nearer to those that
    are predicted, beyond a tolerance.

    Source: Shi & Sha (ICML 2012), Information-theoretical learning of discriminative clusters for unsupervised domain
    adaptation, eq. 5; Liang, Hu & Feng (ICML 2020), SHOT, eq. 3.

    Differs from the paper
    ----------------------
    The balance is that of an average over the last steps, in place of all target examples; a class whose share seems
    far from an equal one is not forced to it; single predictions are softened by a temperature, as in MCC; the loss
    grows along a ramp, to one and a half times the weight.
    """

    class Params(LossParams):
        """Settings of the loss."""

        weight: float = fields.weight(1.5)
        steepness: float = fields.steepness(3.0)
        memory: float = fields.memory(0.9, "mean prediction")
        temperature: float = fields.temperature(2.5)
        tolerance: float = Field(
            1.25,
            ge=1,
            le=1e6,
            description="How many times larger or smaller than an equal share a class's may seem before that is "
            "believed; 1: always believed, a large one: always balanced.",
        )

    defaults: ClassVar = {"rate": 2e-3, "standardise": "spread"}

    def new_state(self, network: Any, classes: int) -> nn.Module:
        import torch

        from wb_deep.losses.shares import Shares
        from wb_deep.losses.state import State

        return State(mean=torch.full((classes,), 1.0 / classes), shares=Shares(classes))

    def loss(self, step: Step) -> Tensor:
        from wb_deep.losses.predictions import blended, information
        from wb_deep.losses.shares import nearer

        shares, past = self.state.shares, self.state.mean
        shares.see(step.source_labels, step.target_logits)
        p = step.target_logits.softmax(1)
        mean = blended(p.mean(0), past.to(p), self.params.memory)
        past.copy_(mean.detach())
        wanted = nearer(shares.target, self.params.tolerance).to(p)
        soft = (step.target_logits / self.params.temperature).softmax(1)  # of a softened mean the balance says little
        return ramp(step.progress, self.params.steepness) * information(soft, mean, wanted)
