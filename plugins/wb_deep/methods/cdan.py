"""Conditional domain-adversarial network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_deep.losses.ramp import ramp
from wb_deep.methods.adversarial import Adversarial

if TYPE_CHECKING:
    from torch import Tensor

    from wb_deep.training.loss import Step


class CDAN(Adversarial):
    """Conditional adversarial network with entropy weights, CDAN+E.

    The loss is DANN's with a discriminator of f ⊗ y, the outer product (width · classes,) of an example's features and
    its predicted probabilities, and with example weights 1 + exp(−H(y)), H the entropy.

    Source: Long, Cao, Wang & Jordan (NeurIPS 2018), Conditional adversarial domain adaptation, eq. 2–9.

    Differs from the paper
    ----------------------
    The predictions are constants in the product and in the weights; the whole product however wide, no random map of
    it; the weights are divided by their sum within each domain; and what DANN differs in: weight, step sizes, averaged
    weights, batches of each domain by itself.
    """

    def inputs(self, width: int, classes: int) -> int:
        return width * classes

    def loss(self, step: Step) -> Tensor:
        import torch

        from wb_deep.losses.discriminators import domain_loss, reverse

        n = len(step.source_features)
        features = torch.cat([step.source_features, step.target_features])
        p = torch.cat([step.source_logits, step.target_logits]).softmax(1).detach()
        joint = torch.einsum("nc,nf->ncf", p, features).flatten(1)
        logits = self.state.discriminator(reverse(joint, ramp(step.progress)))[:, 0]
        entropy = -(p * p.clamp_min(1e-12).log()).sum(1)
        weights = 1 + torch.exp(-entropy)
        self.state.accuracy.add(logits[:n], logits[n:])
        return domain_loss(logits[:n], logits[n:], weights[:n], weights[n:])
