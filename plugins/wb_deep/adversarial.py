"""Domain discriminators behind a gradient reversal.

References
----------
Ganin et al. (JMLR 2016), DANN; Long et al. (NeurIPS 2018), CDAN; Yu et al. (ICDM 2019), DAAN.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from wb_deep.networks import WIDTH
from wb_deep.terms import Step, Term, ramp


class _Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, strength: float) -> Tensor:
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:  # type: ignore[override]
        return -ctx.strength * gradient, None


def reverse(x: Tensor, strength: float = 1.0) -> Tensor:
    """``x`` itself; its gradient comes back times ``−strength``."""
    found: Tensor = _Reverse.apply(x, strength)
    return found


def discriminator(inputs: int) -> nn.Sequential:
    """One logit: positive for the source."""
    return nn.Sequential(nn.Linear(inputs, WIDTH), nn.ReLU(), nn.Linear(WIDTH, 1))


def domain_loss(source: Tensor, target: Tensor, source_weights: Tensor, target_weights: Tensor) -> Tensor:
    """Weighted cross-entropy of the domain labels (source 1, target 0), half for each domain."""
    losses = [
        (
            functional.binary_cross_entropy_with_logits(logits, torch.full_like(logits, label), reduction="none") * w
        ).sum()
        / w.sum().clamp_min(1e-12)
        for logits, label, w in ((source, 1.0, source_weights), (target, 0.0, target_weights))
    ]
    return (losses[0] + losses[1]) / 2


class DANN(Term):
    """One discriminator of the features; the reversal's strength follows the ramp."""

    def __init__(self, classes: int, width: int) -> None:
        super().__init__(classes, width)
        self.discriminator = discriminator(width)

    def forward(self, step: Step) -> Tensor:
        n = len(step.source_features)
        joint = torch.cat([step.source_features, step.target_features])
        logits = self.discriminator(reverse(joint, ramp(step.progress)))[:, 0]
        return domain_loss(logits[:n], logits[n:], torch.ones_like(logits[:n]), torch.ones_like(logits[n:]))


class CDAN(Term):
    """A discriminator of features ⊗ predictions; sure examples weigh more (CDAN+E)."""

    def __init__(self, classes: int, width: int) -> None:
        super().__init__(classes, width)
        self.discriminator = discriminator(width * classes)

    def forward(self, step: Step) -> Tensor:
        n = len(step.source_features)
        strength = ramp(step.progress)
        features = torch.cat([step.source_features, step.target_features])
        p = torch.cat([step.source_logits, step.target_logits]).softmax(1).detach()
        joint = torch.einsum("nc,nf->ncf", p, features).flatten(1)
        logits = self.discriminator(reverse(joint, strength))[:, 0]
        entropy = -(p * p.clamp_min(1e-12).log()).sum(1)
        weights = 1 + torch.exp(-entropy)
        return domain_loss(logits[:n], logits[n:], weights[:n], weights[n:])


class DAAN(Term):
    """A global discriminator and one for each class, balanced by the dynamic factor ω.

    ω = d_g / (d_g + mean_c d_c), d = 2 (1 − 2 ε) the A-distances by the discriminators' errors over the epoch; 1 in
    the first epoch (Yu et al. 2019, eq. 8–11). The class discriminators see features weighted by the predicted
    probability of the class.
    """

    def __init__(self, classes: int, width: int) -> None:
        super().__init__(classes, width)
        self.everywhere = discriminator(width)
        self.classwise = nn.ModuleList(discriminator(width) for _ in range(classes))
        self.omega = 1.0
        self._restart()

    def forward(self, step: Step) -> Tensor:
        n = len(step.source_features)
        features = reverse(torch.cat([step.source_features, step.target_features]), ramp(step.progress))
        p = torch.cat([step.source_logits, step.target_logits]).softmax(1).detach()
        logits = self.everywhere(features)[:, 0]
        ones = torch.ones_like(logits)
        total = domain_loss(logits[:n], logits[n:], ones[:n], ones[n:])
        local = []
        for c, each in enumerate(self.classwise):
            said = each(features * p[:, c : c + 1])[:, 0]
            local.append(domain_loss(said[:n], said[n:], ones[:n], ones[n:]))
            self._count(c + 1, said, n, p[:, c])
        self._count(0, logits, n, ones)
        return self.omega * total + (1 - self.omega) * torch.stack(local).mean()

    def end_epoch(self) -> dict[str, float]:
        """Update ω from the epoch's errors."""
        error = self._wrong / self._seen.clamp_min(1e-12)
        distance = (2 * (1 - 2 * error)).clamp_min(0.0)
        whole, local = float(distance[0]), float(distance[1:].mean())
        self.omega = whole / (whole + local) if whole + local > 0 else 0.5
        self._restart()
        return {"omega": self.omega}

    def counters(self) -> dict[str, Any]:
        return {"omega": self.omega, "wrong": self._wrong.tolist(), "seen": self._seen.tolist()}

    def restore(self, counters: dict[str, Any]) -> None:
        self.omega = counters["omega"]
        self._wrong, self._seen = torch.tensor(counters["wrong"]), torch.tensor(counters["seen"])

    def _restart(self) -> None:
        self._wrong = torch.zeros(len(self.classwise) + 1)
        self._seen = torch.zeros(len(self.classwise) + 1)

    def _count(self, place: int, logits: Tensor, n: int, weights: Tensor) -> None:
        """Weighted errors of a discriminator, both domains counting the same."""
        wrong = torch.cat([logits[:n] <= 0, logits[n:] > 0]).float().detach()
        for part in (slice(None, n), slice(n, None)):
            self._wrong[place] += float((wrong[part] * weights[part]).sum() / weights[part].sum().clamp_min(1e-12))
            self._seen[place] += 1.0
