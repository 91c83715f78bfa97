"""The epoch of the best score, in place of the last."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torch import Tensor

from wb_deep.training.observers import Loop, LoopObserver


class BestEpoch(LoopObserver):
    """Scores the network after each epoch and ends in the best of them, the latest among equals.

    Parameters
    ----------
    score : callable
        Scores the network as it is; needs no target labels.
    patience : int
        So many epochs without a better score end the training; 0: never.
    """

    def __init__(self, score: Callable[[], float], patience: int = 0) -> None:
        self.score, self.patience = score, patience
        self._best: dict[str, Tensor] = {}

    def after_epoch(self, loop: Loop) -> None:
        loop.place.home(loop.network)
        loop.network.eval()
        loop.history.trace[-1]["score"] = self.score()
        scores = [row["score"] for row in loop.history.trace]
        if scores[-1] >= max(scores):
            self._best = {name: value.clone() for name, value in loop.network.state_dict().items()}
        loop.network.train()
        loop.place.take(loop.network)
        best = max(range(len(scores)), key=lambda epoch: (scores[epoch], epoch))
        loop.stopped = bool(self.patience) and len(scores) - 1 - best >= self.patience

    def end(self, loop: Loop) -> None:
        loop.network.load_state_dict(self._best)

    def state(self) -> Mapping[str, Tensor]:
        return self._best

    def restore(self, state: Mapping[str, Tensor]) -> None:
        self._best = dict(state)
