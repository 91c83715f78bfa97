"""What a training leaves behind: a row of figures for each epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from workbench.errors import WbError

NAMES = ("cross-entropy", "adaptation loss")


class History:
    """The losses of the epoch so far, and a row for each epoch before.

    Parameters
    ----------
    steps : int
        Of an epoch.

    Attributes
    ----------
    trace : list of dict
        One row for each epoch: means of the losses and whatever else was traced.
    """

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self._sums = [0.0, 0.0]
        self._fresh: list[tuple[Tensor, ...]] = []
        self.trace: list[dict[str, float]] = []

    def add(self, losses: tuple[Tensor, ...]) -> None:
        """Losses of one step: kept as they are, since reading or adding them costs as much as a small layer."""
        self._fresh.append(losses)

    @property
    def sums(self) -> list[float]:
        """Cross-entropy and adaptation loss, summed over the steps of the epoch so far."""
        for number, column in enumerate(zip(*self._fresh, strict=True)):
            self._sums[number] += sum(torch.stack(column).tolist())
        self._fresh.clear()
        return self._sums

    def latest(self, done: int) -> list[float]:
        """Mean cross-entropy and adaptation loss after ``done`` steps: of the epoch so far, or the one just ended."""
        into = done % self.steps
        if not into and self.trace:
            return [self.trace[-1]["cross_entropy"], self.trace[-1].get("adaptation_loss", 0.0)]
        return [value / max(1, into) for value in self.sums]

    def end_epoch(self, more: dict[str, float] | None, step: int) -> None:
        """Write the epoch's row, with ``more`` than the cross-entropy where there is an adaptation loss.

        Raises :class:`WbError` where a loss is not a number.
        """
        means = [value / self.steps for value in self.sums]
        check(means, step)
        row = {"cross_entropy": means[0]}
        if more is not None:
            row |= {"adaptation_loss": means[1], **more}
        self.trace.append(row)
        self._sums = [0.0, 0.0]

    def counters(self) -> dict[str, Any]:
        """JSON values that :meth:`restore` takes up."""
        return {"sums": self.sums, "trace": self.trace}

    def restore(self, counters: dict[str, Any]) -> None:
        self._sums, self.trace = counters["sums"], counters["trace"]


def check(losses: Sequence[float], step: int) -> None:
    """Raises :class:`WbError` where a loss is not a number; what was saved before stays."""
    for value, name in zip(losses, NAMES, strict=True):
        if value != value or abs(value) == float("inf"):
            raise WbError(f"step {step + 1}: the {name} is not a number; lower --rate or --weight")
