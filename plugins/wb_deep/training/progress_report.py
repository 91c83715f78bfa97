"""How far a training is, told now and then."""

from __future__ import annotations

import time

from wb_deep.training.observers import Loop, LoopObserver
from workbench.progress import Progress

INTERVAL = 0.5
"""Seconds between two lines on the progress."""


class ProgressReport(LoopObserver):
    """Tells the step, the losses and the time left.

    Parameters
    ----------
    progress : Progress
    what : str
        What is trained, where it is not the method's own network.
    """

    def __init__(self, progress: Progress, what: str = "") -> None:
        self.progress, self.what = progress, f"{what}, " if what else ""
        self._begun = 0
        self._start = self._last = 0.0

    def begin(self, loop: Loop) -> None:
        self._begun = loop.done
        self._start = self._last = time.monotonic()

    def after_step(self, loop: Loop) -> None:
        now = time.monotonic()
        if now - self._last < INTERVAL:
            return
        self._last = now
        left = (now - self._start) * (loop.total - loop.done) / (loop.done - self._begun)
        cross_entropy, adaptation = loop.history.latest(loop.done)
        losses = f"cross-entropy {cross_entropy:.3f}"
        if loop.loss is not None:
            losses += f", adaptation loss {adaptation:.3f}"
        words = f"{self.what}step {loop.done} of {loop.total}, {losses}, {left:.0f} s left"
        self.progress.update(loop.done / loop.total, words)
