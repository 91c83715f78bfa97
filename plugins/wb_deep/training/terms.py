"""What a loss term sees of a training step, and its contract."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

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
        What gave them, for a term that needs more of it than this pass.
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
        The term's part, of a step; its weight is the method's.
    supervised : bool
        Whether the source's cross-entropy is added.
    moves : tuple of str
        Of "body" (all of the network but its head), "head" and "term"; empty for everything.
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


class Term(nn.Module):
    """A loss added to the source's cross-entropy; its parameters, if any, are trained with the network.

    Most methods are a :meth:`forward`. A method that trains its parts in turns overrides :meth:`phases`.

    Parameters
    ----------
    classes : int
    width : int
        Of the features.
    """

    def __init__(self, classes: int, width: int) -> None:
        super().__init__()

    def forward(self, step: Step) -> Tensor:
        raise NotImplementedError

    def attach(self, network: nn.Module) -> None:
        """Called once, before the optimiser is made, with the network that will be trained."""

    def release(self) -> None:
        """Called once, after the training: let go of what :meth:`attach` took hold of."""

    def views(self, source: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """The inputs as the network shall see them, e.g. augmented; the target may be given several times over."""
        return source, target

    def phases(self, progress: float) -> Sequence[Phase]:
        """The moves of the optimiser that make up one step; one, of everything, unless a method says otherwise."""
        return (Phase(self),)

    def end_epoch(self) -> dict[str, float]:
        """Called after each epoch; what it returns is traced in the record."""
        return {}

    def counters(self) -> dict[str, Any]:
        """JSON values that, beside the parameters, a training needs to go on from a checkpoint."""
        return {}

    def restore(self, counters: dict[str, Any]) -> None:
        """Take up what :meth:`counters` gave."""


def ramp(progress: float, steepness: float = 10.0) -> float:
    """2 / (1 + exp(−steepness · p)) − 1: from 0 to 1 over the training (Ganin et al. 2016, § 5.2.2).

    With a ``steepness`` of 0 there is no ramp: 1 throughout.
    """
    if not steepness:
        return 1.0
    return 2.0 / (1.0 + math.exp(-steepness * progress)) - 1.0
