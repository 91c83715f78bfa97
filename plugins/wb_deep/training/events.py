"""Epochs as TensorBoard events."""

from __future__ import annotations

from pathlib import Path

from workbench.plugins.entries import missing_extra


def write_events(folder: str, name: str, trace: list[dict[str, float]]) -> None:
    """One series for each traced quantity, below ``folder``/``name``. Raises :class:`NotInstalled`."""
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ModuleNotFoundError as error:
        raise missing_extra("--tensorboard", error.name or "tensorboard", "deep") from error
    with SummaryWriter(str(Path(folder) / name)) as writer:  # type: ignore[no-untyped-call]
        for epoch, row in enumerate(trace, 1):
            for what, value in row.items():
                writer.add_scalar(what, value, epoch)  # type: ignore[no-untyped-call]
