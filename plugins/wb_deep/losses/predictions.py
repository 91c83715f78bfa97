"""What losses say of predictions alone: how confused, how sure and how balanced they are.

References
----------
Jin et al. (ECCV 2020), minimum class confusion; Shi & Sha (ICML 2012) and Liang et al. (ICML 2020), information
maximisation.
"""

from __future__ import annotations

import torch
from torch import Tensor


def correlations(logits: Tensor, temperature: float = 2.5) -> Tensor:
    """How often two classes are predicted for one example, sure ones weighing more: (classes, classes).

    Jin et al. 2020, eq. 3–5.
    """
    p = (logits / temperature).softmax(1)
    entropy = -(p * p.clamp_min(1e-12).log()).sum(1).detach()
    weights = 1 + torch.exp(-entropy)
    weights = len(p) * weights / weights.sum()
    return (p * weights[:, None]).T @ p


def class_confusion(correlations: Tensor) -> Tensor:
    """Mean over classes of the normalised confusion with the others (Jin et al. 2020, eq. 6)."""
    confusion = correlations / correlations.sum(1, keepdim=True).clamp_min(1e-12)
    return (confusion.sum() - confusion.trace()) / len(confusion)


def blended(now: Tensor, past: Tensor, memory: float) -> Tensor:
    """``now`` with a share ``memory`` of the ``past`` in its value, while the gradient is that of ``now`` alone.

    What a few examples lack by chance is then not taken for a lack of the domain.
    """
    return now + memory * (past - now.detach())


def information(p: Tensor, mean: Tensor, wanted: Tensor) -> Tensor:
    """Mean entropy of the probabilities ``p`` (m, classes) plus the divergence of a ``mean`` of such from what is
    ``wanted``, shapes (classes,). Small when sure and, over equal wanted shares, balanced."""
    divergence = (mean * (mean.clamp_min(1e-12).log() - wanted.log())).sum()
    return -(p * p.clamp_min(1e-12).log()).sum(1).mean() + divergence


def discrepancy(first: Tensor, second: Tensor) -> Tensor:
    """Mean absolute difference of the predicted probabilities (Saito et al. 2018, eq. 3)."""
    return (first.softmax(1) - second.softmax(1)).abs().mean()
