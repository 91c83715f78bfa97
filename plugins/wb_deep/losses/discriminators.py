"""Domain discriminators behind a gradient reversal.

References
----------
Ganin et al. (JMLR 2016), DANN; Long et al. (NeurIPS 2018), CDAN.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from wb_deep.bodies.small import WIDTH
from wb_deep.training.terms import Step, Term, ramp


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


def domain_loss(
    source: Tensor, target: Tensor, source_weights: Tensor | None = None, target_weights: Tensor | None = None
) -> Tensor:
    """Cross-entropy of the domain labels (source 1, target 0), half for each domain, weighted within it."""
    losses = []
    for logits, label, w in ((source, 1.0, source_weights), (target, 0.0, target_weights)):
        each = functional.binary_cross_entropy_with_logits(logits, torch.full_like(logits, label), reduction="none")
        losses.append(each.mean() if w is None else (each * w).sum() / w.sum().clamp_min(1e-12))
    return (losses[0] + losses[1]) / 2


class Accuracy:
    """How often a discriminator tells the domain over an epoch, each domain counting half."""

    def __init__(self) -> None:
        self._sum, self._steps = torch.zeros(()), 0

    def add(self, source: Tensor, target: Tensor) -> None:
        """Logits of one step, shapes (n,) and (m,)."""
        right = ((source > 0).float().mean() + (target <= 0).float().mean()) / 2
        self._sum, self._steps = self._sum + right.detach().to(self._sum.device), self._steps + 1

    def end_epoch(self) -> dict[str, float]:
        """The accuracy, for the trace; nothing where no step was counted."""
        found = {"domain_accuracy": float(self._sum) / self._steps} if self._steps else {}
        self._sum, self._steps = torch.zeros(()), 0
        return found

    def counters(self) -> dict[str, Any]:
        return {"right": float(self._sum), "steps": self._steps}

    def restore(self, counters: dict[str, Any]) -> None:
        self._sum, self._steps = torch.tensor(counters["right"]), counters["steps"]


class Adversarial(Term):
    """What terms with one discriminator share: its accuracy is traced."""

    def __init__(self, classes: int, width: int) -> None:
        super().__init__(classes, width)
        self.accuracy = Accuracy()

    def end_epoch(self) -> dict[str, float]:
        return self.accuracy.end_epoch()

    def counters(self) -> dict[str, Any]:
        return self.accuracy.counters()

    def restore(self, counters: dict[str, Any]) -> None:
        self.accuracy.restore(counters)


class DANN(Adversarial):
    """One discriminator of the features; the reversal's strength follows the ramp."""

    def __init__(self, classes: int, width: int) -> None:
        super().__init__(classes, width)
        self.discriminator = discriminator(width)

    def forward(self, step: Step) -> Tensor:
        n = len(step.source_features)
        joint = torch.cat([step.source_features, step.target_features])
        logits = self.discriminator(reverse(joint, ramp(step.progress)))[:, 0]
        self.accuracy.add(logits[:n], logits[n:])
        return domain_loss(logits[:n], logits[n:])


class CDAN(Adversarial):
    """A discriminator of features ⊗ predictions; sure examples weigh more (CDAN+E)."""

    def __init__(self, classes: int, width: int) -> None:
        super().__init__(classes, width)
        self.discriminator = discriminator(width * classes)

    def forward(self, step: Step) -> Tensor:
        n = len(step.source_features)
        features = torch.cat([step.source_features, step.target_features])
        p = torch.cat([step.source_logits, step.target_logits]).softmax(1).detach()
        joint = torch.einsum("nc,nf->ncf", p, features).flatten(1)
        logits = self.discriminator(reverse(joint, ramp(step.progress)))[:, 0]
        entropy = -(p * p.clamp_min(1e-12).log()).sum(1)
        weights = 1 + torch.exp(-entropy)
        self.accuracy.add(logits[:n], logits[n:])
        return domain_loss(logits[:n], logits[n:], weights[:n], weights[n:])
