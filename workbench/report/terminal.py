"""Tables and sentences for a terminal of 100 columns; plain text when piped."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workbench.scoring.comparing import NEGATIVE, NOT_COMPARED, POSITIVE, Comparison, Estimate

if TYPE_CHECKING:
    pass

WIDTH = 100

COLOURS = {POSITIVE: "green", NEGATIVE: "red"}


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    """Aligned columns under bold headers; the first ``left`` columns flush left, the others right."""
    from rich.console import Console
    from rich.table import Table

    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for number, header in enumerate(headers):
        drawn.add_column(header, justify="left" if number < left else "right", overflow="fold")
    for row in rows:
        drawn.add_row(*(cell.replace("[", "\\[") for cell in row))
    console = Console(width=WIDTH, force_terminal=sys.stdout.isatty(), no_color=False)
    with console.capture() as captured:
        console.print(drawn, highlight=False)
    return "\n".join(line.rstrip() for line in captured.get().rstrip("\n").split("\n"))


def figures(summary: Mapping[str, Any], comparison: Comparison) -> str:
    """Baseline beside adapted: each figure with its 95 % interval, the difference and the paired p."""
    seeds = len(summary.get("seeds", ())) or 1
    counts = ", ".join(f"{n:,} {what}" for what, n in summary["target"]["counts"].items())
    scored = f"{summary['target']['name']}: {counts}" + (f", mean of {seeds} seeds" if seeds > 1 else "")
    rows = []
    for name, after in comparison.adapted.items():
        row = [comparison.titles.get(name, name)]
        if comparison.baseline:
            before, change = comparison.baseline[name], comparison.difference[name]
            row += [_estimate(before), _estimate(after), f"{change.value * 100:+.2f}", p_value(change.p)]
        else:
            row.append(_estimate(after))
        rows.append(row)
    for other, scores in summary.get("companions", {}).items():
        row = [f"{comparison.titles[comparison.primary]}, {other}"]
        row += [""] * bool(comparison.baseline) + [_estimate(Estimate(**_bare(scores[comparison.primary])))]
        rows.append(row + ["", ""] * bool(comparison.baseline))
    headers = [scored, called(summary)]
    if comparison.baseline:
        headers = [scored, str(summary["baseline"]), called(summary), "difference", "p"]
    return table(headers, rows)


def called(summary: Mapping[str, Any]) -> str:
    """The method's name, and its variant where the baseline has the same name."""
    name = str(summary["method"])
    return f"{name}, {summary['variant']}" if name == summary["baseline"] and summary.get("variant") else name


def verdict(summary: Mapping[str, Any], comparison: Comparison) -> str:
    """One sentence."""
    if comparison.verdict == NOT_COMPARED:
        return f"{summary['method']} is not compared: it ran without a baseline."
    name = comparison.primary
    change = comparison.difference[name]
    size = f"{change.value * 100:+.2f} points of {comparison.titles[name]}"
    interval = f"95 % interval {change.low * 100:+.2f} to {change.high * 100:+.2f}, p {p_value(change.p, words=True)}"
    opening = {
        POSITIVE: f"Positive: {called(summary)} helps",
        NEGATIVE: f"Negative transfer: {called(summary)} hurts",
    }.get(comparison.verdict, f"No clear difference between {called(summary)} and {summary['baseline']}")
    return f"{opening}, {size} ({interval}).{_wins(summary, name)}"


def _wins(summary: Mapping[str, Any], name: str) -> str:
    """Over several seeds, in how many the method was ahead."""
    runs = summary.get("runs", ())
    ahead = sum(run["difference"][name]["value"] > 0 for run in runs)
    return f" Ahead in {ahead} of {len(runs)} runs." if runs else ""


def closing(summary: Mapping[str, Any]) -> list[str]:
    """Where the record is and the next useful commands."""
    seconds = sum(summary["seconds"].values())
    lines = [f"record  {summary['record']}", f"took    {seconds:.1f} s, peak memory {summary['peak_memory_mb']:.0f} MB"]
    if summary.get("selection"):
        lines.insert(0, f"chosen  {selection(summary['selection'])}")
    lines += [f"more    {advice}   for the full corpus" for advice in dict.fromkeys(summary["advice"])]
    given = "--text '…'" if summary["typed_inputs"] else "--file FILE"
    return [*lines, f"next    wb runs show last  ·  wb predict last {given}"]


def selection(choice: Mapping[str, Any]) -> str:
    """What a selector chose, out of how many, and how."""
    chosen = ", ".join(f"{name}={value}" for name, value in choice["chosen"].items())
    return f"{chosen} of {len(choice['candidates'])} candidates by {choice['selector']}, {choice['selected']}"


def _bare(values: Mapping[str, float]) -> dict[str, float]:
    return {key: values[key] for key in ("value", "low", "high")}


def _estimate(estimate: Any) -> str:
    if math.isnan(estimate.value):
        return "–"
    return f"{estimate.value * 100:.2f} ({estimate.low * 100:.1f}–{estimate.high * 100:.1f})"


def p_value(p: float, words: bool = False) -> str:
    if math.isnan(p):
        return "–"
    small = p < 0.001
    text = "< .001" if small else f"{p:.3f}".lstrip("0")
    return text if small or not words else f"= {text}"
