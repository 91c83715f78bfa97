"""Domain-adversarial network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_deep.losses.ramp import ramp
from wb_deep.methods.adversarial import Adversarial

if TYPE_CHECKING:
    from torch import Tensor

    from wb_deep.training.loss import Step


class DANN(Adversarial):
    """Domain-adversarial network: a discriminator behind a gradient reversal.

    L = ½ mean_i −log D(f_i) + ½ mean_j −log(1 − D(g_j)), D the discriminator's probability of the source for features f
    (n, width) and g (m, width). The discriminator goes down in L, the features go up in it, ramp(p) times as fast.

    Source: Ganin et al. (JMLR 2016), Domain-adversarial training of neural networks, eq. 9–15, § 5.2.2.

    Differs from the paper
    ----------------------
    A weight below 1, which slows the features alone: the discriminator has a step size of its own, larger than theirs;
    one hidden layer of 128 units in it; Adam with a constant step size (``--optimiser sgd --schedule inverse`` are the
    paper's); over the small network each domain has batch-norm batches of its own, the statistics at the end are the
    target's, and the weights are averaged over the last half of the training.
    """

    def loss(self, step: Step) -> Tensor:
        import torch

        from wb_deep.losses.discriminators import domain_loss, reverse

        n = len(step.source_features)
        joint = torch.cat([step.source_features, step.target_features])
        logits = self.state.discriminator(reverse(joint, ramp(step.progress)))[:, 0]
        self.state.accuracy.add(logits[:n], logits[n:])
        return domain_loss(logits[:n], logits[n:])
