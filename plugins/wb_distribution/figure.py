"""What happened in every round: discrepancies, balance, changed pseudo labels."""

from __future__ import annotations

from pathlib import Path

from workbench.errors import WbError
from workbench.plugins.loading import Host
from workbench.report.figure import Figure
from workbench.running.records import Record

TITLES = {
    "marginal": "distance of the domains' means",
    "conditional": "sum of the classes' distances",
    "mu": "balance factor μ",
    "candidates": "candidates",
    "changed": "changed pseudo labels",
}
COLOURS = {
    "marginal": "#0969da",
    "conditional": "#bc4c00",
    "mu": "#8250df",
    "candidates": "#1a7f37",
    "changed": "#57606a",
}


class AdaptationTrace(Figure):
    """One panel for each quantity that the method traced, over its rounds."""

    def draw(self, record: Record, path: Path, host: Host) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure as Canvas
        from matplotlib.ticker import MaxNLocator

        trace = record.run.get("notes", {}).get("trace")
        if not trace:
            raise WbError(f"record {record.name} has no trace of rounds; stl, jda, bda, tjm and meda keep one")
        shown = [name for name in TITLES if name in trace[0]]
        canvas = Canvas(figsize=(3.2 * len(shown), 2.8), layout="constrained")
        FigureCanvasAgg(canvas)
        rounds = range(1, len(trace) + 1)
        for axes, name in zip(canvas.subplots(1, len(shown), squeeze=False)[0], shown, strict=True):
            values = [step[name] for step in trace]
            axes.plot(rounds, values, marker="o", markersize=4, color=COLOURS[name], clip_on=False)
            axes.set_title(TITLES[name], fontsize=10)
            axes.set_xlabel("round")
            axes.set_ylim(0, 1.05 * max(values) or 1.0)
            axes.set_xlim(0.5, len(trace) + 0.5)
            axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
            axes.spines[["top", "right"]].set_visible(False)
        canvas.savefig(path, dpi=150)
