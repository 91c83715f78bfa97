"""What a loss between the domains sees of a training step, and what the engine asks of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from torch import Tensor, nn


@dataclass(frozen=True, eq=False)
class Step:
    """One joint step.

    Attributes
    ----------
    source_features, target_features : Tensor, shape (n, width) and (m, width)
    source_logits, target_logits : Tensor, shape (n, classes) and (m, classes)
    source_labels : Tensor of int64, shape (n,)
    progress : float
        The share of the training that is done, 0 … 1.
    network : Trainable or None
        What gave them, for a loss that needs more of it than this pass.
    source_inputs, target_inputs : Tensor or None
        What it was given.
    """

    source_features: Tensor
    target_features: Tensor
    source_logits: Tensor
    target_logits: Tensor
    source_labels: Tensor
    progress: float
    network: Any = None
    source_inputs: Tensor | None = None
    target_inputs: Tensor | None = None


@dataclass(frozen=True, eq=False)
class Phase:
    """One move of the optimiser: which loss goes down, and which parameters move for it.

    Attributes
    ----------
    loss : callable
        What is weighted by the method's weight, of a step.
    supervised : bool
        Whether the source's cross-entropy is added.
    moves : tuple of str
        Of "body" (all of the network but its head), "head" and "loss" (what the loss trains); empty for everything.
    repeats : int
        How many times, each with a forward pass of its own.
    rate : float
        The step size as a multiple of what the schedule says.
    """

    loss: Callable[[Step], Tensor]
    supervised: bool = True
    moves: tuple[str, ...] = ()
    repeats: int = 1
    rate: float = 1.0


class Loss(Protocol):
    """A loss that is added to the source's cross-entropy.

    Attributes
    ----------
    state : nn.Module
        The parameters that are trained with the network, and the buffers that a training goes on with after a cut.
    """

    state: nn.Module

    def views(self, source: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """The inputs as the network shall see them, e.g. augmented; the target may be given several times over."""

    def phases(self, progress: float) -> Sequence[Phase]:
        """The moves of the optimiser that make up one step."""

    def after_epoch(self) -> dict[str, float]:
        """What the record traces of the epoch, beside the losses."""
