"""Both domains drawn into a file: their first two principal components."""

from __future__ import annotations

from pathlib import Path

from wb_diagnosis.components import components
from workbench.data.pairs import Pair
from workbench.files import new_file
from workbench.plugins.entries import missing_extra


def draw(pair: Pair, path: Path) -> None:
    """Write a picture of the kind that the file's name ends in. Raises :class:`WbError` where nothing can be drawn."""
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise missing_extra("--picture", "matplotlib", "plots") from None
    points = pair.computed(components)
    figure = Figure(figsize=(6, 5), layout="constrained")
    axes = figure.subplots()
    for side, name, colour in (
        (points.source, pair.source.name, "#0072b2"),
        (points.target, pair.target.name, "#d55e00"),
    ):
        second = side[:, 1] if side.shape[1] > 1 else [0.0] * len(side)
        axes.scatter(side[:, 0], second, s=8, alpha=0.4, color=colour, linewidths=0, label=f"{name} ({len(side):,})")
    axes.set_xlabel("first principal component")
    axes.set_ylabel("second")
    axes.legend()
    with new_file(path) as temporary:
        figure.savefig(temporary, dpi=150)
