"""Batch normalisation's statistics, estimated anew from given examples."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn


def equal_parts(x: Tensor, most: int = 256) -> tuple[Tensor, ...]:
    """Batches of at most ``most`` examples whose sizes differ by one at most.

    With a short rest, e.g. 8 of 1,800 examples in batches of 256, a plain average over the batches would give each
    example of it the weight of many.
    """
    return x.tensor_split(max(1, -(-len(x) // most)))


def estimate_statistics(network: nn.Module, batches: Iterable[Tensor]) -> None:
    """Batch normalisation's running statistics as a plain average over ``batches`` (AdaBN, Li et al. 2017).

    Layers that a network keeps as they are when it trains keep their statistics too.
    """
    network.train()
    layers = [m for m in network.modules() if isinstance(m, nn.BatchNorm1d | nn.BatchNorm2d) and m.training]
    momenta = [layer.momentum for layer in layers]
    for layer in layers:
        layer.reset_running_stats()
        layer.momentum = None  # a plain average over the batches
    if layers:
        with torch.no_grad():
            for batch in batches:
                if len(batch) > 1:
                    network(batch)
    for layer, momentum in zip(layers, momenta, strict=True):
        layer.momentum = momentum
    network.eval()
