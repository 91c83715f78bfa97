"""How a training went: losses, and what the method traced, over the epochs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench.errors import WbError
from workbench.plugins.loading import Host
from workbench.report.figure import Figure
from workbench.running.records import Record

PANELS = {
    "cross_entropy": ("cross-entropy of the source", "#0969da"),
    "adaptation_loss": ("adaptation loss", "#bc4c00"),
    "domain_accuracy": ("domain classifier's accuracy", "#cf222e"),
    "omega": ("dynamic factor ω", "#8250df"),
    "sure": ("share of sure examples", "#9a6700"),
    "score": ("score", "#1a7f37"),
}
"""Title and colour of what may have been traced."""

SHARES = {"domain_accuracy": 0.5, "omega": 0.5, "sure": None}
"""Quantities between 0 and 1, and the value that is worth a line: chance, or an even balance."""


class TrainingTrace(Figure):
    """One panel for each traced quantity."""

    def draw(self, record: Record, path: Path, host: Host) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure as Canvas

        trace = record.run.get("notes", {}).get("trace")
        if not trace:
            raise WbError(f"record {record.name} has no trace of epochs")
        shown = [name for name in PANELS if name in trace[0]]
        columns = min(3, len(shown))
        rows = -(-len(shown) // columns)
        canvas = Canvas(figsize=(3.4 * columns, 2.6 * rows + 0.3), layout="constrained")
        FigureCanvasAgg(canvas)
        run = record.run["specification"]
        canvas.suptitle(f"{record.method}, {' + '.join(run['sources'])} → {run['target']}", fontsize=11)
        places = list(canvas.subplots(rows, columns, squeeze=False).flat)
        for axes in places[len(shown) :]:
            axes.axis("off")
        for axes, name in zip(places, shown, strict=False):
            _panel(axes, name, [row[name] for row in trace], run["settings"].get("keep", "last"))
        canvas.savefig(path, dpi=150)


def _panel(axes: Any, name: str, values: list[float], keep: str) -> None:
    """One quantity over the epochs; of a selector's scores, the epoch that was kept."""
    from matplotlib.ticker import MaxNLocator

    title, colour = PANELS[name]
    axes.plot(range(1, len(values) + 1), values, color=colour, marker=".", markersize=5)
    axes.set_title(title, fontsize=10)
    axes.set_xlabel("epoch", fontsize=9)
    axes.tick_params(labelsize=8)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.spines[["top", "right"]].set_visible(False)
    if name in SHARES:
        axes.set_ylim(0, 1.05)
        if SHARES[name] is not None:
            axes.axhline(SHARES[name], color="#57606a", linewidth=0.8, linestyle=":")
    if name == "score":
        best = max(range(len(values)), key=lambda epoch: (values[epoch], epoch))
        axes.plot(best + 1, values[best], marker="o", color=colour, fillstyle="none", markersize=10)
        axes.set_title(f"{title} of {keep}: epoch {best + 1} is kept", fontsize=10)
