"""Both domains' relations as graphs, side by side, the matched predicates joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.errors import WbError
from workbench.plugins.loading import Host
from workbench.report.figure import Figure
from workbench.running import records
from workbench.running.records import Record

SOURCE, TARGET, JOIN, LONE = "#0969da", "#bc4c00", "#57606a", "#eaeef2"
PAIRED = ("#b6e3ff", "#ffd8b5", "#dafbe1", "#ecd8ff", "#ffe07c", "#ffcecb")
"""Fills of types: the same for a source type and its counterpart."""

TYPE_AT, PREDICATE_AT = (0.10, 0.90), (0.37, 0.63)
WIDTH = 0.066
"""Half of a predicate's box, as a share of the picture."""

Predicates = Mapping[str, Sequence[str]]


class AnalogyFigure(Figure):
    """Left the source's graph of types (ellipses) and predicates (boxes), right the target's.

    A predicate is tied to the types of its arguments. A line across joins two predicates when an analogy matches
    them; its width and number are the shares of the analogies that do. Types of one colour correspond under the
    best analogy; predicates that nothing matches are pale.
    """

    def draw(self, record: Record, path: Path, host: Host) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure as Canvas

        from wb_relation.model import LinkModel

        model = LinkModel.load(record.folder / records.MODEL, host)
        ranked = model.inside.get("analogies", [])
        if not ranked:
            raise WbError(f"record {record.name} holds no analogy to draw")
        before = {model.inside["query"]: model.inside["query_types"], **model.inside["predicates"]}
        after = {model.schema.query: model.schema.query_types, **model.schema.predicates}
        shares = {(model.inside["query"], model.schema.query): 1.0, **matched(ranked)}
        left, right = orders(list(before), list(after), shares)
        rows = max(len(left), len(right))
        canvas = Canvas(figsize=(11, 1.5 + 0.5 * rows), layout="constrained")
        FigureCanvasAgg(canvas)
        axes = canvas.add_subplot()
        fills = dict(zip(ranked[0]["types"], PAIRED, strict=False))
        theirs = {ranked[0]["types"][t]: colour for t, colour in fills.items()}
        graphs = [
            Side(before, left, {mine for mine, _ in shares}, SOURCE, fills, 0, rows),
            Side(after, right, {other for _, other in shares}, TARGET, theirs, 1, rows),
        ]
        _join(axes, graphs[0], graphs[1], shares)
        for side in graphs:
            _graph(axes, side)
        for side, name in zip(graphs, (record.run["source"]["name"], record.run["target"]["name"]), strict=True):
            x = (TYPE_AT[side.at] + PREDICATE_AT[side.at]) / 2
            axes.text(x, 1.1, name, ha="center", color=side.colour, fontsize=13, fontweight="bold")
        note = "boxes: predicates, bold the predicted one; solid tie: first argument, dashed: second, dotted: third"
        axes.text(0.5, -rows + 0.05, note, ha="center", va="bottom", fontsize=8, color=JOIN)
        axes.set_xlim(0, 1)
        axes.set_ylim(-rows - 0.1, 1.5)
        axes.axis("off")
        canvas.savefig(path, dpi=150)


@dataclass(frozen=True)
class Side:
    """One domain's graph and where it stands.

    Attributes
    ----------
    predicates : dict of tuple of str
        The query's first, with the types of their arguments.
    order : list of str
        The predicates from top to bottom.
    used : set of str
        Those that some analogy matches.
    fills : dict of str
        The colour of a type that has a counterpart.
    at : int
        0 left, 1 right.
    """

    predicates: Predicates
    order: list[str]
    used: set[str]
    colour: str
    fills: Mapping[str, str]
    at: int
    rows: int

    @property
    def heights(self) -> dict[str, float]:
        """Of the predicates: evenly over the picture."""
        gap = (self.rows - 1) / max(1, len(self.order) - 1)
        return {name: -i * gap for i, name in enumerate(self.order)}

    @property
    def type_heights(self) -> dict[str, float]:
        """Of the types: beside the middle of their predicates, none on top of another."""
        spots: dict[str, list[float]] = {}
        for name, height in self.heights.items():
            for t in self.predicates[name]:
                spots.setdefault(t, []).append(height)
        order = sorted(spots, key=lambda t: -sum(spots[t]) / len(spots[t]))
        gap = (self.rows - 1) / max(1, len(order) - 1)
        return {t: -i * gap if len(order) > 1 else sum(spots[t]) / len(spots[t]) for i, t in enumerate(order)}


def _graph(axes: Any, side: Side) -> None:
    """One domain: types, predicates, and a tie from each predicate to the types of its arguments."""
    heights, types = side.heights, side.type_heights
    edge = PREDICATE_AT[side.at] + (-WIDTH if side.at == 0 else WIDTH)
    for name, kinds in side.predicates.items():
        strength = 0.85 if name in side.used else 0.25
        for slot, t in enumerate(kinds):
            shift = 0.09 * (slot - (len(kinds) - 1) / 2)
            ends = [heights[name] - shift, types[t] - shift]
            style = ("-", "--", ":")[min(slot, 2)]
            axes.plot([edge, TYPE_AT[side.at]], ends, style, color=side.colour, lw=1, alpha=strength, zorder=1)
    for name, height in heights.items():
        pale, query = name not in side.used, name == next(iter(side.predicates))
        axes.text(
            PREDICATE_AT[side.at], height, name, ha="center", va="center", fontsize=9, zorder=4,
            color=side.colour, alpha=0.45 if pale else 1, fontweight="bold" if query else "normal",
            bbox={"boxstyle": "round,pad=0.35", "fc": "white", "ec": side.colour, "alpha": 0.6 if pale else 1},
        )  # fmt: skip
    for t, height in types.items():
        axes.text(
            TYPE_AT[side.at], height, t, ha="center", va="center", fontsize=9, zorder=4,
            bbox={"boxstyle": "ellipse,pad=0.3", "fc": side.fills.get(t, LONE), "ec": side.colour},
        )  # fmt: skip


def _join(axes: Any, left: Side, right: Side, shares: Mapping[tuple[str, str], float]) -> None:
    """Lines between matched predicates, as wide as the shares of the analogies that match them."""
    a, b = left.heights, right.heights
    x = [PREDICATE_AT[0], PREDICATE_AT[1]]
    for (mine, theirs), share in sorted(shares.items(), key=lambda item: item[1]):
        ends = [a[mine], b[theirs]]
        axes.plot(x, ends, color=JOIN, lw=0.6 + 5 * share, alpha=0.2 + 0.5 * share, zorder=2)
        if 0.05 < share < 0.995:
            spot = ends[0] + 0.66 * (ends[1] - ends[0])
            axes.text(
                x[0] + 0.66 * (x[1] - x[0]), spot, f"{share:.2f}", fontsize=7, ha="center", va="center", color=JOIN,
                zorder=3, bbox={"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none"},
            )  # fmt: skip


def matched(ranked: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], float]:
    """For each matched pair of predicates the sum of the shares of the analogies that match it."""
    shares: dict[tuple[str, str], float] = {}
    for row in ranked:
        for mine, part in row["parts"].items():
            if part is not None and row["share"] > 0:
                shares[mine, part[0]] = shares.get((mine, part[0]), 0.0) + row["share"]
    return shares


def orders(
    left: Sequence[str], right: Sequence[str], shares: Mapping[tuple[str, str], float]
) -> tuple[list[str], list[str]]:
    """Both sides from top to bottom: the matched ones first, each beside its best partner."""
    used = {mine for mine, _ in shares}
    mine = sorted(left, key=lambda name: (name not in used, left.index(name)))
    best: dict[str, tuple[float, int]] = {}
    for (name, theirs), share in shares.items():
        if -share < best.get(theirs, (0.0, 0))[0]:
            best[theirs] = (-share, mine.index(name))
    met = sorted(best, key=lambda name: (best[name][1], best[name][0]))
    return mine, [*met, *(name for name in right if name not in best)]
