"""Both domains as tensors."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, eq=False)
class Data:
    """Labelled source and unlabelled target as tensors; lengths where examples are sequences.

    Attributes
    ----------
    labels : Tensor of int64, shape (n,) or (n, length)
        For sequences, −1 at places that have no label.
    """

    source: Tensor
    labels: Tensor
    target: Tensor
    source_lengths: Tensor | None = None
    target_lengths: Tensor | None = None
