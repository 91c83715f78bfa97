"""Distances between the domains' features beside the plain MMD: CORAL, and the MMD class by class.

References
----------
Sun & Saenko (ECCV workshops 2016), Deep CORAL; Zhu et al. (TNNLS 2020), DSAN.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def coral(source: Tensor, target: Tensor, weights: Tensor | None = None) -> Tensor:
    """‖C_s − C_t‖²_F / (4 d²), C the covariances (Sun & Saenko 2016, eq. 1), the source's with ``weights`` of sum 1."""
    d = source.shape[1]
    difference = torch.cov(source.T, aweights=weights) - torch.cov(target.T)
    return (difference * difference).sum() / (4 * d * d)


def local_weights(source_labels: Tensor, target_probabilities: Tensor) -> Tensor:
    """Weights of the local MMD: column c of (n + m, classes) sums to 1 over the source and to −1 over the target.

    Classes that one of the batches lacks get no weight.
    """
    classes = target_probabilities.shape[1]
    one_hot = functional.one_hot(source_labels, classes).to(target_probabilities)
    mass_source, mass_target = one_hot.sum(0), target_probabilities.sum(0)
    present = (mass_source > 0) & (
        target_probabilities.argmax(1)[:, None] == torch.arange(classes, device=source_labels.device)
    ).any(0)
    source = one_hot / mass_source.clamp_min(1e-12)
    target = target_probabilities / mass_target.clamp_min(1e-12)
    return torch.cat([source, -target]) * present


def local_mmd(kernel: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    """Mean over the classes present of their squared MMD with soft members (Zhu et al. 2020, eq. 7).

    A class counts in the mean by what ``classes`` (classes,) says; the paper's are all 1.
    """
    counts = classes * (weights.abs().sum(0) > 0)
    return (counts * (weights * (kernel @ weights)).sum(0)).sum() / counts.sum().clamp_min(1e-12)
