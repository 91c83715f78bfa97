"""What a training leaves behind: a row of figures for each epoch, and the epoch that a judge likes best."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from wb_deep.devices import Place
from wb_deep.terms import Term
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
        self.sums = torch.zeros(2)
        self.trace: list[dict[str, float]] = []
        self.kept: dict[str, Tensor] = {}

    def add(self, losses: Tensor) -> None:
        """Losses of one step."""
        self.sums += losses.to(self.sums)

    def means(self, number: int) -> Tensor:
        """Of the epoch so far, after step ``number``."""
        return self.sums / (number % self.steps + 1)

    def end_epoch(self, network: Any, term: Term | None, number: int, place: Place) -> None:
        """Write the epoch's row; with a judge, score the network and keep it where it is the best so far.

        Raises :class:`WbError` where a loss is not a number.
        """
        means = self.sums / self.steps
        check(means, term, number)
        row = {"cross_entropy": float(means[0])}
        if term is not None:
            row |= {"term": float(means[1]), **term.end_epoch()}
        self.trace.append(row)
        self.sums = torch.zeros(2)
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
        return {"sums": self.sums.tolist(), "trace": self.trace}

    def restore(self, counters: dict[str, Any]) -> int:
        """Take up :meth:`counters`; returns the step to go on from."""
        self.sums, self.trace = torch.tensor(counters["sums"]), counters["trace"]
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
        losses = history.means(done - 1).tolist()
        left = (now - self.start) * (self.steps - done) / (done - self.begun)
        said = f"cross-entropy {losses[0]:.3f}, term {losses[1]:.3f}, {left:.0f} s left"
        self.progress.update(done / self.steps, f"step {done} of {self.steps}, {said}")


def check(losses: Tensor, term: Term | None, number: int) -> None:
    """Raises :class:`WbError` where a loss is not a number; what was saved before stays."""
    for value, what in zip(losses.tolist(), ("cross-entropy", type(term).__name__), strict=True):
        if value != value or abs(value) == float("inf"):
            raise WbError(f"step {number + 1}: the loss of {what} is not a number; lower --rate or --weight")
