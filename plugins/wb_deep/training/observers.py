"""What watches a training: the loop tells its observers where it is, and knows none of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from wb_deep.training.data import Data
from wb_deep.training.devices import Place
from wb_deep.training.history import History
from wb_deep.training.loss import Loss
from wb_deep.training.options import Training


class LoopObserver:
    """Told of a training's begin, steps, epochs and end; does nothing unless a subclass says otherwise.

    Observers are told in the order in which they were given.
    """

    def begin(self, loop: Loop) -> None:
        """Before the first step: the network is in its place, the optimiser made."""

    def after_epoch(self, loop: Loop) -> None:
        """After the last step of an epoch, whose row of figures is the last of ``loop.history.trace``."""

    def after_step(self, loop: Loop) -> None:
        """After each step; after :meth:`after_epoch` where the epoch ended with it."""

    def end(self, loop: Loop) -> None:
        """After the last step: the network is back on the processor and may be changed."""

    def state(self) -> Mapping[str, Tensor]:
        """What the observer needs to go on after a cut."""
        return {}

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Take up what :meth:`state` gave; called after every observer's :meth:`begin`."""


@dataclass(eq=False)
class Loop:
    """A training under way.

    Attributes
    ----------
    steps : int
        Of an epoch.
    done : int
        Steps that were taken.
    history : History
        The losses so far.
    stopped : bool
        An observer sets it to end the training after this epoch.
    """

    network: Any
    loss: Loss | None
    data: Data
    training: Training
    seed: int
    place: Place
    optimiser: torch.optim.Optimizer
    steps: int
    history: History
    observers: Sequence[LoopObserver] = ()
    done: int = 0
    stopped: bool = field(default=False)

    @property
    def total(self) -> int:
        """Steps of the whole training."""
        return self.steps * self.training.epochs

    @property
    def modules(self) -> dict[str, nn.Module]:
        """The network and, where there is one, what the loss trains and keeps."""
        return {"network": self.network, **({"loss": self.loss.state} if self.loss is not None else {})}
