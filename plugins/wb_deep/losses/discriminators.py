"""Domain discriminators behind a gradient reversal.

References
----------
Ganin et al. (JMLR 2016), Domain-adversarial training of neural networks.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

HIDDEN = 128
"""Units of a discriminator's hidden layer."""


class _Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, strength: float) -> Tensor:
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return -ctx.strength * gradient, None


def reverse(x: Tensor, strength: float = 1.0) -> Tensor:
    """``x`` itself; its gradient comes back times ``−strength``."""
    same: Tensor = _Reverse.apply(x, strength)
    return same


def discriminator(inputs: int) -> nn.Sequential:
    """One logit: positive for the source."""
    return nn.Sequential(nn.Linear(inputs, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 1))


def domain_loss(
    source: Tensor, target: Tensor, source_weights: Tensor | None = None, target_weights: Tensor | None = None
) -> Tensor:
    """Cross-entropy of the domain labels (source 1, target 0), half for each domain, weighted within it."""
    losses = []
    for logits, label, w in ((source, 1.0, source_weights), (target, 0.0, target_weights)):
        each = functional.binary_cross_entropy_with_logits(logits, torch.full_like(logits, label), reduction="none")
        losses.append(each.mean() if w is None else (each * w).sum() / w.sum().clamp_min(1e-12))
    return (losses[0] + losses[1]) / 2


class Accuracy(nn.Module):
    """How often a discriminator tells the domain over an epoch, each domain counting half."""

    total: Tensor
    steps: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("total", torch.zeros(()))
        self.register_buffer("steps", torch.zeros((), dtype=torch.int64))

    @torch.no_grad()
    def add(self, source: Tensor, target: Tensor) -> None:
        """Logits of one step, shapes (n,) and (m,)."""
        self.total += ((source > 0).float().mean() + (target <= 0).float().mean()) / 2
        self.steps += 1

    def after_epoch(self) -> dict[str, float]:
        """The accuracy, for the trace; nothing where no step was counted."""
        accuracy = {"domain_accuracy": float(self.total) / int(self.steps)} if self.steps else {}
        self.total.zero_()
        self.steps.zero_()
        return accuracy
