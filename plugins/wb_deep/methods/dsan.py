"""Deep subdomain adaptation network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from wb_deep.losses.ramp import ramp
from wb_deep.methods import fields
from wb_deep.methods.adaptation import Adaptation, LossParams

if TYPE_CHECKING:
    from torch import Tensor, nn

    from wb_deep.training.loss import Step


class DSAN(Adaptation):
    """Deep subdomain adaptation: local MMD, the same classes of both domains.

    L = ramp(p) · Σ_c a_c MMD²(source of class c, target of class c) / Σ_c a_c, over five Gaussian kernels of the
    features (n, width) and (m, width); an example of the target belongs to each class by its predicted probability;
    a_c is the class's predicted share to the power ``--shares``, 0 where a batch lacks the class.

    Source: Zhu et al. (TNNLS 2020), Deep subdomain adaptation network for image classification, eq. 5–7.

    Differs from the paper
    ----------------------
    The loss grows more slowly; a class counts by its predicted share in the target; the predictions of the target are
    constants in the weights.
    """

    class Params(LossParams):
        """Settings of the loss."""

        steepness: float = fields.steepness(3.0)
        shares: float = fields.shares(1.0, "How far a class counts by its predicted share in the target")

    defaults: ClassVar = {"rate": 3e-3, "standardise": "spread"}

    def new_state(self, network: Any, classes: int) -> nn.Module:
        from wb_deep.losses.shares import Shares
        from wb_deep.losses.state import State

        return State(shares=Shares(classes))

    def loss(self, step: Step) -> Tensor:
        import torch

        from wb_deep.losses.distances import local_mmd, local_weights
        from wb_deep.losses.kernels import gaussian_kernel

        joint = torch.cat([step.source_features, step.target_features])
        weights = local_weights(step.source_labels, step.target_logits.softmax(1).detach())
        self.state.shares.see(step.source_labels, step.target_logits)
        counts = (self.state.shares.target**self.params.shares).to(joint)
        return ramp(step.progress, self.params.steepness) * local_mmd(gaussian_kernel(joint, 5), weights, counts)
