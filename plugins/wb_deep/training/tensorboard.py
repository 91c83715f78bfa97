"""Epochs as TensorBoard events."""

from __future__ import annotations

from pathlib import Path

from wb_deep.training.observers import Loop, LoopObserver
from workbench.plugins.entries import missing_extra


class TensorBoard(LoopObserver):
    """One series for each traced quantity, below ``folder``/``name``. Raises :class:`NotInstalled` at once."""

    def __init__(self, folder: str, name: str) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ModuleNotFoundError as error:
            raise missing_extra("--tensorboard", error.name or "tensorboard", "deep") from error
        self._writer, self._folder = SummaryWriter, Path(folder) / name

    def end(self, loop: Loop) -> None:
        with self._writer(str(self._folder)) as writer:
            for epoch, row in enumerate(loop.history.trace, 1):
                for name, value in row.items():
                    writer.add_scalar(name, value, epoch)
