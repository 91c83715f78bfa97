"""How a training went: losses, and what the loss term traced, over the epochs."""

from __future__ import annotations

from pathlib import Path

from workbench.errors import WbError
from workbench.figures import Figure
from workbench.records import Record

TITLES = {
    "cross_entropy": "cross-entropy of the source",
    "term": "loss term",
    "omega": "dynamic factor ω",
    "score": "selector's score",
}
COLOURS = {"cross_entropy": "#0969da", "term": "#bc4c00", "omega": "#8250df", "score": "#1a7f37"}


class TrainingTrace(Figure):
    """One panel for each traced quantity."""

    def draw(self, record: Record, path: Path) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure as Canvas
        from matplotlib.ticker import MaxNLocator

        trace = record.run.get("notes", {}).get("trace")
        if not trace:
            raise WbError(f"record {record.name} has no trace of epochs")
        shown = [name for name in TITLES if name in trace[0]]
        canvas = Canvas(figsize=(3.4 * len(shown), 2.8), layout="constrained")
        FigureCanvasAgg(canvas)
        epochs = range(1, len(trace) + 1)
        for axes, name in zip(canvas.subplots(1, len(shown), squeeze=False)[0], shown, strict=True):
            axes.plot(epochs, [row[name] for row in trace], color=COLOURS[name])
            axes.set_title(TITLES[name], fontsize=10)
            axes.set_xlabel("epoch")
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
            axes.spines[["top", "right"]].set_visible(False)
            if name == "omega":
                axes.set_ylim(0, 1.05)
        canvas.savefig(path, dpi=150)
