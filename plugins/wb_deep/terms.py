"""What a loss term sees of a training step, and its contract."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn


@dataclass(frozen=True, eq=False)
class Step:
    """One joint step.

    Attributes
    ----------
    source_features, target_features : Tensor, shape (n, WIDTH) and (m, WIDTH)
    source_logits, target_logits : Tensor, shape (n, classes) and (m, classes)
    source_labels : Tensor of int64, shape (n,)
    progress : float
        The share of the training that is done, 0 … 1.
    """

    source_features: Tensor
    target_features: Tensor
    source_logits: Tensor
    target_logits: Tensor
    source_labels: Tensor
    progress: float


class Term(nn.Module):
    """A loss added to the source's cross-entropy; its parameters, if any, are trained with the network.

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

    def end_epoch(self) -> dict[str, float]:
        """Called after each epoch; what it returns is traced in the record."""
        return {}

    def counters(self) -> dict[str, Any]:
        """JSON values that, beside the parameters, a training needs to go on from a checkpoint."""
        return {}

    def restore(self, counters: dict[str, Any]) -> None:
        """Take up what :meth:`counters` gave."""


def ramp(progress: float, steepness: float = 10.0) -> float:
    """2 / (1 + exp(−steepness · p)) − 1: from 0 to 1 over the training (Ganin et al. 2016, § 5.2.2)."""
    return 2.0 / (1.0 + math.exp(-steepness * progress)) - 1.0
