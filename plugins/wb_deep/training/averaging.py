"""The mean of the weights over the end of a training, in place of the last ones.

References
----------
Izmailov, Podoprikhin, Garipov, Vetrov & Wilson (UAI 2018), Averaging weights leads to wider optima.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from wb_deep.training.batch_norm import estimate_statistics
from wb_deep.training.batching import batches
from wb_deep.training.data import Data
from wb_deep.training.observers import Loop, LoopObserver

TOGETHER = 256
"""Examples of a batch from which batch normalisation's statistics are taken again."""


class WeightAverage(nn.Module):
    """The mean of a network's parameters over the steps that were added.

    Parameters
    ----------
    network : nn.Module
    begin : int
        The first step that counts.
    """

    def __init__(self, network: nn.Module, begin: int) -> None:
        super().__init__()
        self.begin = begin
        self._now = list(network.parameters())
        for number, parameter in enumerate(self._now):
            self.register_buffer(str(number), parameter.detach().clone())
        self.register_buffer("counted", torch.zeros((), dtype=torch.int64))

    def add(self, step: int) -> None:
        """Take in the parameters after a step, where it is not before ``begin``."""
        if step < self.begin:
            return
        *means, counted = self.buffers()
        counted += 1
        for mean, now in zip(means, self._now, strict=True):
            mean.lerp_(now.detach(), 1.0 / int(counted))

    def hand_over(self) -> None:
        """Give the network the mean; its batch-norm statistics are still those of the last weights."""
        *means, counted = self.buffers()
        if int(counted):
            for mean, now in zip(means, self._now, strict=True):
                now.detach().copy_(mean)


class Averaging(LoopObserver):
    """Ends a training in the mean of its last weights.

    Parameters
    ----------
    share : float
        The share of the training, from its end, over which the weights are averaged.
    """

    def __init__(self, share: float) -> None:
        self.share = share

    def begin(self, loop: Loop) -> None:
        self._average = WeightAverage(loop.network, round((1 - self.share) * loop.total))

    def after_step(self, loop: Loop) -> None:
        self._average.add(loop.done - 1)

    def end(self, loop: Loop) -> None:
        self._average.hand_over()
        joint = loop.loss is not None and loop.training.batch_norm == "joint"
        refresh(loop.network, loop.data, joint, loop.seed)

    def state(self) -> Mapping[str, Tensor]:
        return self._average.state_dict()

    def restore(self, state: Mapping[str, Tensor]) -> None:
        self._average.load_state_dict(dict(state))


def refresh(network: nn.Module, data: Data, joint: bool, seed: int) -> None:
    """Take batch normalisation's statistics again: of the source or, where ``joint``, of as much of the target."""
    sides = (data.source, data.target) if joint else (data.source,)
    size = TOGETHER // len(sides)
    steps = max(1, max(map(len, sides)) // size)
    rows = [batches(len(x), size, steps, torch.Generator().manual_seed(2 * seed + k)) for k, x in enumerate(sides)]
    chosen = zip(*rows, strict=True)
    estimate_statistics(network, (torch.cat([x[i] for x, i in zip(sides, picks, strict=True)]) for picks in chosen))
