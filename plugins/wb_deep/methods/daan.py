"""Global and class-wise domain discriminators in a balance that the training finds itself.

References
----------
Yu, Wang, Chen & Huang (ICDM 2019), Transfer learning with dynamic adversarial adaptation network.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from wb_deep.losses.discriminators import Accuracy, discriminator, domain_loss, reverse
from wb_deep.training.terms import Step, Term, ramp


class DAAN(Term):
    """ω · global + (1 − ω) · local, with the dynamic factor ω = d_g / (d_g + mean_c d_c).

    The global discriminator sees the features. The local discriminator of class c sees each example's features times
    the predicted probability of c; the local loss is the mean over the classes. d = 2 (1 − 2 ε) are A-distances by the
    discriminators' errors ε over the epoch, those of class c weighted by the probability of c. ω is 1 in the first
    epoch.
    """

    def __init__(self, classes: int, width: int) -> None:
        super().__init__(classes, width)
        self.everywhere = discriminator(width)
        self.classwise = nn.ModuleList(discriminator(width) for _ in range(classes))
        self.accuracy = Accuracy()
        self.omega = 1.0
        self._restart()

    def forward(self, step: Step) -> Tensor:
        n = len(step.source_features)
        features = reverse(torch.cat([step.source_features, step.target_features]), ramp(step.progress))
        p = torch.cat([step.source_logits, step.target_logits]).softmax(1).detach()
        said = self.everywhere(features)[:, 0]
        local = self.local_logits(features, p)
        self.accuracy.add(said[:n], said[n:])
        self._count(torch.cat([said[:, None], local], dim=1), torch.cat([torch.ones_like(p[:, :1]), p], dim=1), n)
        total, parts = domain_loss(said[:n], said[n:]), self.local_loss(local, n)
        return self.omega * total + (1 - self.omega) * parts

    def local_logits(self, features: Tensor, p: Tensor) -> Tensor:
        """What the discriminator of each class says of each example, shape (n + m, classes)."""
        return torch.cat([each(features * p[:, c : c + 1]) for c, each in enumerate(self.classwise)], dim=1)

    def local_loss(self, logits: Tensor, n: int) -> Tensor:
        """Mean over the classes of the domains' cross-entropy."""
        source, target = functional.softplus(-logits[:n]), functional.softplus(logits[n:])
        return (source.mean() + target.mean()) / 2

    def end_epoch(self) -> dict[str, float]:
        """Update ω from the epoch's errors."""
        error = self._wrong / self._seen.clamp_min(1e-12)
        distance = (2 * (1 - 2 * error)).clamp_min(0.0)
        whole, local = float(distance[0]), float(distance[1:].mean())
        self.omega = whole / (whole + local) if whole + local > 0 else 0.5
        self._restart()
        return {"omega": self.omega, **self.accuracy.end_epoch()}

    def counters(self) -> dict[str, Any]:
        counted = {"omega": self.omega, "wrong": self._wrong.tolist(), "seen": self._seen.tolist()}
        return {**counted, **self.accuracy.counters()}

    def restore(self, counters: dict[str, Any]) -> None:
        self.omega = counters["omega"]
        self._wrong, self._seen = torch.tensor(counters["wrong"]), torch.tensor(counters["seen"])
        self.accuracy.restore(counters)

    def _restart(self) -> None:
        self._wrong = torch.zeros(len(self.classwise) + 1)
        self._seen = torch.zeros(len(self.classwise) + 1)

    def _count(self, logits: Tensor, weights: Tensor, n: int) -> None:
        """Add a step's weighted errors of every discriminator, column by column; both domains count the same."""
        wrong = torch.cat([logits[:n] <= 0, logits[n:] > 0]).float()
        for part in (slice(None, n), slice(n, None)):
            share = (wrong[part] * weights[part]).sum(0) / weights[part].sum(0).clamp_min(1e-12)
            self._wrong += share.detach().to(self._wrong)
            self._seen += 1.0
