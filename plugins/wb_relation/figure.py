"""Both domains' relations side by side, the predicates of the best analogy joined."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench import records
from workbench.errors import WbError
from workbench.figures import Figure
from workbench.records import Record

SOURCE, TARGET, LINK = "#0969da", "#bc4c00", "#57606a"


class AnalogyFigure(Figure):
    """Left the source's predicates with the rules' share of them, right the target's.

    A line joins two predicates when an analogy matches them; its width and number are the shares of the analogies
    that do. Target predicates that nothing matches stand pale below.
    """

    def draw(self, record: Record, path: Path) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure as Canvas

        from wb_relation.model import LinkModel

        model = LinkModel.load(record.folder / records.MODEL)
        ranked = model.inside.get("analogies", [])
        if not ranked:
            raise WbError(f"record {record.name} holds no analogy to draw")
        shares = matched(ranked)
        left = [model.inside["query"], *ranked[0]["parts"]]
        right = _order(left, shares, model)
        n = max(len(left), len(right))
        canvas = Canvas(figsize=(9, 1.2 + 0.42 * n), layout="constrained")
        FigureCanvasAgg(canvas)
        axes = canvas.add_subplot()
        places = [{name: -i for i, name in enumerate(side)} for side in (left, right)]
        used = {mapped for _, mapped in shares} | {model.schema.query}
        shares = {(model.inside["query"], model.schema.query): 1.0, **shares}
        for (mine, theirs), share in sorted(shares.items(), key=lambda item: item[1]):
            ends = [places[0][mine], places[1][theirs]]
            axes.plot([0.3, 0.7], ends, color=LINK, linewidth=0.6 + 5 * share, alpha=0.25 + 0.6 * share)
            if 0.05 < share < 1:
                axes.text(0.62, ends[0] + 0.8 * (ends[1] - ends[0]), f"{share:.2f}", fontsize=8, color=LINK)
        for side, x, align, colour in ((0, 0.28, "right", SOURCE), (1, 0.72, "left", TARGET)):
            for name, y in places[side].items():
                pale = side == 1 and name not in used
                query = y == 0
                said = name + (" (X, Y)" if query else "")
                axes.text(
                    x, y, said, ha=align, va="center", color=colour, alpha=0.35 if pale else 1,
                    fontweight="bold" if query else "normal",
                )  # fmt: skip
        axes.set_title(f"{record.run['source']['name']}  →  {record.run['target']['name']}", fontsize=11)
        axes.set_xlim(0, 1)
        axes.set_ylim(-n + 0.4, 0.8)
        axes.axis("off")
        canvas.savefig(path, dpi=150)


def matched(ranked: list[Mapping[str, Any]]) -> dict[tuple[str, str], float]:
    """For each matched pair of predicates the sum of the shares of the analogies that match it."""
    shares: dict[tuple[str, str], float] = {}
    for row in ranked:
        for mine, part in row["parts"].items():
            if part is not None and row["share"] > 0:
                shares[mine, part[0]] = shares.get((mine, part[0]), 0.0) + row["share"]
    return shares


def _order(left: list[str], shares: Mapping[tuple[str, str], float], model: Any) -> list[str]:
    """Target predicates: the query, then matched ones beside their best partner, then the others."""
    best: dict[str, tuple[int, float]] = {}
    for (mine, theirs), share in shares.items():
        if share > best.get(theirs, (0, 0.0))[1]:
            best[theirs] = (left.index(mine), share)
    met = sorted(best, key=lambda name: (best[name][0], -best[name][1]))
    return [model.schema.query, *met, *(name for name in model.schema.predicates if name not in best)]
