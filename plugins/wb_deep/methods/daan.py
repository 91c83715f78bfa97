"""Dynamic adversarial adaptation network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wb_deep.losses.ramp import ramp
from wb_deep.methods.adversarial import Adversarial

if TYPE_CHECKING:
    from torch import Tensor, nn

    from wb_deep.training.loss import Step


class DAAN(Adversarial):
    """Dynamic adversarial network: global and class-wise discriminators in a balance that the training finds itself.

    L = ω · L_global + (1 − ω) · mean_c L_c, with the dynamic factor ω = d_global / (d_global + mean_c d_c). The global
    discriminator sees the features (n, width); that of class c sees them times the predicted probability of c. The
    A-distances d = 2 (1 − 2 ε), at least 0, are of the discriminators' errors ε over the last epoch, those of class c
    weighted by the probability of c.

    Source: Yu, Wang, Chen & Huang (ICDM 2019), Transfer learning with dynamic adversarial adaptation network, eq. 5–10.

    Differs from the paper
    ----------------------
    ω is 1 in the first epoch, before any error was counted; the class-wise losses are averaged, not summed; the
    predictions are constants in them; and what DANN differs in: weight, step sizes, averaged weights, batches of each
    domain by itself.
    """

    def new_state(self, network: Any, classes: int) -> nn.Module:
        import torch
        from torch import nn

        from wb_deep.losses.discriminators import Accuracy, discriminator
        from wb_deep.losses.state import State

        return State(
            everywhere=discriminator(network.width),
            classwise=nn.ModuleList(discriminator(network.width) for _ in range(classes)),
            accuracy=Accuracy(),
            distances=torch.tensor([1.0, 0.0]),  # global, and the mean of the classes'
            wrong=torch.zeros(classes + 1),
            counted=torch.zeros(()),
        )

    @property
    def omega(self) -> float:
        """The dynamic factor."""
        everywhere, local = self.state.distances.tolist()
        return everywhere / (everywhere + local) if everywhere + local > 0 else 0.5

    def loss(self, step: Step) -> Tensor:
        import torch

        from wb_deep.losses.discriminators import domain_loss, reverse

        n = len(step.source_features)
        features = reverse(torch.cat([step.source_features, step.target_features]), ramp(step.progress))
        p = torch.cat([step.source_logits, step.target_logits]).softmax(1).detach()
        everywhere = self.state.everywhere(features)
        local = self.local_logits(features, p)
        self.state.accuracy.add(everywhere[:n, 0], everywhere[n:, 0])
        self._count(torch.cat([everywhere, local], dim=1), torch.cat([torch.ones_like(p[:, :1]), p], dim=1), n)
        omega, whole = self.omega, domain_loss(everywhere[:n, 0], everywhere[n:, 0])
        return omega * whole + (1 - omega) * self.local_loss(local, n)

    def local_logits(self, features: Tensor, p: Tensor) -> Tensor:
        """What the discriminator of each class says of each example, shape (n + m, classes)."""
        import torch

        parts = [each(features * p[:, c : c + 1]) for c, each in enumerate(self.state.classwise)]
        return torch.cat(parts, dim=1)

    def local_loss(self, logits: Tensor, n: int) -> Tensor:
        """Mean over the classes of the domains' cross-entropy."""
        from torch.nn import functional

        source, target = functional.softplus(-logits[:n]), functional.softplus(logits[n:])
        return (source.mean() + target.mean()) / 2

    def after_epoch(self) -> dict[str, float]:
        """ω by the epoch's errors."""
        error = self.state.wrong / self.state.counted.clamp_min(1e-12)
        distances = (2 * (1 - 2 * error)).clamp_min(0.0)
        self.state.distances[0], self.state.distances[1] = distances[0], distances[1:].mean()
        self.state.wrong.zero_()
        self.state.counted.zero_()
        return {"omega": self.omega, **super().after_epoch()}

    def _count(self, logits: Tensor, weights: Tensor, n: int) -> None:
        """Add a step's weighted errors of every discriminator, column by column; both domains count the same."""
        import torch

        wrong = torch.cat([logits[:n] <= 0, logits[n:] > 0]).float()
        for part in (slice(None, n), slice(n, None)):
            share = (wrong[part] * weights[part]).sum(0) / weights[part].sum(0).clamp_min(1e-12)
            self.state.wrong += share.detach()
            self.state.counted += 1.0
