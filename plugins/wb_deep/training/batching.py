"""Which examples a step sees."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

POOL = 32
"""Batches that are sorted by length together."""


def batches(
    n: int, size: int, steps: int, generator: torch.Generator, lengths: Tensor | None = None
) -> Iterator[Tensor]:
    """``steps`` batches of ``size`` indices below ``n``: shuffled passes, one after another, without a short rest.

    With the ``lengths`` of the examples (n,), a batch holds examples of about the same length, so that little of it
    is padding.
    """
    size = min(size, n)
    order, place = _pass(n, size, generator, lengths), 0
    for _ in range(steps):
        if place + size > n:
            order, place = _pass(n, size, generator, lengths), 0
        yield order[place : place + size]
        place += size


def _pass(n: int, size: int, generator: torch.Generator, lengths: Tensor | None) -> Tensor:
    """One shuffled pass; with lengths, sorted within pools of POOL batches and the batches shuffled again."""
    order = torch.randperm(n, generator=generator)
    if lengths is None:
        return order
    pools = [pool[lengths[pool].argsort(stable=True)] for pool in order.split(POOL * size)]
    order = torch.cat(pools)
    whole = order[: n // size * size].view(-1, size)
    shuffled = whole[torch.randperm(len(whole), generator=generator)]
    return torch.cat([shuffled.flatten(), order[whole.numel() :]])
