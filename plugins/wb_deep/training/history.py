"""What a training leaves behind: a row of figures for each epoch, and the epoch that a judge likes best."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from wb_deep.training.devices import Place
from wb_deep.training.terms import Term
from workbench.errors import WbError
from workbench.progress import Progress

TOLD = 0.5
"""Seconds between two words on the progress."""


class History:
    """Rows of the epochs and, with a judge, the parameters of the best of them.

    Parameters
    ----------
    steps : int
        Of an epoch.
    judge : callable or None
        Scores the network as it is; needs no target labels.
    patience : int
        So many epochs without a better score end the training; 0: never.
    """

    def __init__(self, steps: int, judge: Callable[[], float] | None, patience: int) -> None:
        self.steps, self.judge, self.patience = steps, judge, patience
        self._sums = [0.0, 0.0]
        self._fresh: list[tuple[Tensor, ...]] = []
        self.trace: list[dict[str, float]] = []
        self.kept: dict[str, Tensor] = {}

    def add(self, losses: tuple[Tensor, ...]) -> None:
        """Losses of one step: kept as they are, since reading or adding them costs as much as a small layer."""
        self._fresh.append(losses)

    @property
    def sums(self) -> list[float]:
        """Cross-entropy and term, summed over the steps of the epoch so far."""
        for number, column in enumerate(zip(*self._fresh, strict=True)):
            self._sums[number] += sum(torch.stack(column).tolist())
        self._fresh.clear()
        return self._sums

    def means(self, number: int) -> list[float]:
        """Of the epoch so far, after step ``number``."""
        return [value / (number % self.steps + 1) for value in self.sums]

    def end_epoch(self, network: Any, term: Term | None, number: int, place: Place) -> None:
        """Write the epoch's row; with a judge, score the network and keep it where it is the best so far.

        Raises :class:`WbError` where a loss is not a number.
        """
        means = [value / self.steps for value in self.sums]
        check(means, term, number)
        row = {"cross_entropy": means[0]}
        if term is not None:
            row |= {"term": means[1], **term.end_epoch()}
        self.trace.append(row)
        self._sums = [0.0, 0.0]
        if self.judge is not None:
            place.home(network)
            network.eval()
            row["score"] = self.judge()
            if row["score"] >= max(other["score"] for other in self.trace):
                self.kept = {name: value.clone() for name, value in network.state_dict().items()}
            network.train()
            place.take(network)

    def stops(self) -> bool:
        """Whether the last ``patience`` epochs brought no better score."""
        if self.judge is None or not self.patience:
            return False
        scores = [row["score"] for row in self.trace]
        best = max(range(len(scores)), key=lambda epoch: (scores[epoch], epoch))
        return len(scores) - 1 - best >= self.patience

    def counters(self) -> dict[str, Any]:
        return {"sums": self.sums, "trace": self.trace}

    def restore(self, counters: dict[str, Any]) -> int:
        """Take up :meth:`counters`; returns the step to go on from."""
        self._sums, self.trace = counters["sums"], counters["trace"]
        return int(counters["step"])


class Clock:
    """Tells the progress now and then: epoch, losses, time left."""

    def __init__(self, steps: int, begun: int, progress: Progress) -> None:
        self.steps, self.begun, self.progress = steps, begun, progress
        self.start = self.last = time.monotonic()

    def tell(self, done: int, history: History) -> None:
        now = time.monotonic()
        if now - self.last < TOLD:
            return
        self.last = now
        losses = history.means(done - 1)
        left = (now - self.start) * (self.steps - done) / (done - self.begun)
        said = f"cross-entropy {losses[0]:.3f}, term {losses[1]:.3f}, {left:.0f} s left"
        self.progress.update(done / self.steps, f"step {done} of {self.steps}, {said}")


def check(losses: Sequence[float], term: Term | None, number: int) -> None:
    """Raises :class:`WbError` where a loss is not a number; what was saved before stays."""
    for value, what in zip(losses, ("cross-entropy", type(term).__name__), strict=True):
        if value != value or abs(value) == float("inf"):
            raise WbError(f"step {number + 1}: the loss of {what} is not a number; lower --rate or --weight")
