"""At which layer the domains differ least: where deep domain confusion places its loss.

References
----------
Tzeng, Hoffman, Zhang, Saenko & Darrell (2014), Deep domain confusion, § 4.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from wb_deep.losses.kernels import gaussian_kernel, mmd

MOST = 1000
"""Examples of each domain that are compared."""


def stage_distances(network: Any, source: Tensor, target: Tensor, seed: int) -> list[float]:
    """Squared one-kernel MMD between the domains at each of a network's ``stages``, from the input up.

    The kernel's width is the mean distance at that stage, so that stages of any size compare.
    """
    distances: list[float] = []
    generator = torch.Generator().manual_seed(seed)
    x, z = (part[torch.randperm(len(part), generator=generator)[:MOST]] for part in (source, target))

    def measure(_: torch.nn.Module, __: tuple[Tensor, ...], output: Tensor) -> None:
        distances.append(float(mmd(gaussian_kernel(output.flatten(1)), len(x))))

    hooks = [stage.register_forward_hook(measure) for stage in network.stages]
    network.eval()
    with torch.no_grad():
        network.features(torch.cat([x, z]))
    for hook in hooks:
        hook.remove()
    return distances
