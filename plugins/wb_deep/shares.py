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

from wb_deep.terms import Step

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
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.register_buffer("source", torch.full((classes,), 1.0 / classes))
        self.register_buffer("target", torch.full((classes,), 1.0 / classes))
        self.source: Tensor
        self.target: Tensor

    @torch.no_grad()
    def see(self, step: Step) -> None:
        """Take in the labels and the predictions of one step."""
        labels = functional.one_hot(step.source_labels, len(self.source)).to(self.source).mean(0)
        self.source.lerp_(labels, 1 - MEMORY)
        self.target.lerp_(step.target_logits.softmax(1).mean(0).to(self.target), 1 - MEMORY)

    def ratio(self) -> Tensor:
        """The target's share of each class over the source's, shape (classes,)."""
        least = LEAST / len(self.source)
        return self.target.clamp_min(least) / self.source.clamp_min(least)

    def weights(self, labels: Tensor, power: float) -> Tensor:
        """Weights of a batch of source examples, summing to 1, shape (n,): the ratio of each one's class to a power.

        With a power of 1 the weighted source has the target's shares; with 0 all weigh the same.
        """
        weights = (self.ratio() ** power)[labels]
        return weights / weights.sum()


def nearer(shares: Tensor, factor: float) -> Tensor:
    """Shares (classes,) whose ratios to equal ones are nearer to 1 by ``factor``, or 1 where they are within it."""
    classes = len(shares)
    logarithms = (classes * shares).clamp_min(LEAST).log()
    kept = logarithms.sign() * (logarithms.abs() - math.log(factor)).clamp_min(0)
    return kept.softmax(0)
