"""The classes' shares in both domains as a training goes on.

A loss that makes two domains alike takes classes of other shares for a difference of the domains, and pulls examples of
the larger ones over to the others.

References
----------
Yan et al. (CVPR 2017), Mind the class weight bias: weighted maximum mean discrepancy, whose weights these are but for
the damping.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

MEMORY = 0.95
"""Share of the earlier steps in the averages: about the last twenty steps count."""

LEAST = 0.01
"""The smallest share that a class is taken to have, as a part of an equal one."""


class Shares(nn.Module):
    """Averages over the last steps: of the source's labels, and of the target's predicted probabilities.

    The target's are an estimate by the very network that is being trained, so that what it gets wrong feeds itself:
    whoever uses them damps them.

    Attributes
    ----------
    source, target : Tensor, shape (classes,)
        Equal at first.
    batch : Tensor, shape (classes,)
        The target's in the last step alone.
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.register_buffer("source", torch.full((classes,), 1.0 / classes))
        self.register_buffer("target", torch.full((classes,), 1.0 / classes))
        self.source: Tensor
        self.target: Tensor
        self.batch = self.target.clone()

    @torch.no_grad()
    def see(self, labels: Tensor, logits: Tensor) -> None:
        """Take in the source's labels (n,) and the target's logits (m, classes) of one step."""
        shares = functional.one_hot(labels, len(self.source)).to(self.source).mean(0)
        self.batch = logits.softmax(1).mean(0).to(self.target)
        self.source.lerp_(shares, 1 - MEMORY)
        self.target.lerp_(self.batch, 1 - MEMORY)

    def weights(self, labels: Tensor, power: float) -> Tensor:
        """Weights of a batch of source examples, summing to 1, shape (n,): each class is brought to a share of its own.

        It is the class's share in the source times the target's over the source's to a ``power`` — with a power of 1
        the target's, with 0 the source's — and times what the last batch of the target has of the class beside its
        average. So neither the class's chance number in the one batch nor that in the other, which in 64 examples are
        off by a third, is taken for a difference of the domains.
        """
        least = LEAST / len(self.source)
        source, target, batch = (shares.clamp_min(least) for shares in (self.source, self.target, self.batch))
        wanted = source * (target / source) ** power * (batch / target)
        weights = (wanted / torch.bincount(labels, minlength=len(source)).clamp_min(1))[labels]
        return weights / weights.sum()


def nearer(shares: Tensor, factor: float) -> Tensor:
    """Shares (classes,) whose ratios to equal ones are nearer to 1 by ``factor``, or 1 where they are within it."""
    classes = len(shares)
    logarithms = (classes * shares).clamp_min(LEAST).log()
    kept = logarithms.sign() * (logarithms.abs() - math.log(factor)).clamp_min(0)
    return kept.softmax(0)
