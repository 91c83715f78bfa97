"""How the weights of the source examples are spread."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from workbench.errors import WbError
from workbench.plugins.loading import Host
from workbench.report.figure import Figure
from workbench.running.records import Record


class WeightHistogram(Figure):
    """The histogram of the weights, with the effective sample size in the title."""

    def draw(self, record: Record, path: Path, host: Host) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure as Canvas

        notes = record.run.get("notes", {})
        if "weight_histogram" not in notes:
            raise WbError(f"record {record.name} has no weights of source examples")
        edges, counts = (np.array(notes["weight_histogram"][key]) for key in ("edges", "counts"))
        canvas = Canvas(figsize=(6, 3.4), layout="constrained")
        FigureCanvasAgg(canvas)
        axes = canvas.add_subplot()
        axes.bar(edges[:-1], counts, width=np.diff(edges), align="edge", color="#0969da", edgecolor="white")
        axes.axvline(1.0, color="#57606a", linewidth=1, linestyle="--")
        axes.set_xlabel("weight of a source example (the mean is 1)")
        axes.set_ylabel("examples")
        size, total = notes["effective_sample_size"], int(counts.sum())
        axes.set_title(f"{record.run['method']}: {size:,.0f} of {total:,} examples count effectively", fontsize=11)
        axes.spines[["top", "right"]].set_visible(False)
        canvas.savefig(path, dpi=150)
