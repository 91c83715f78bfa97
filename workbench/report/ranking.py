"""The ranking of a bench and its cells as terminal, Markdown and CSV tables."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np

from workbench.benching.ranking import metric_of
from workbench.report import terminal

HEADERS = ["method", "mean ± sd", "gain", "p", "negative", "cells", "seconds"]


def ranking_cells(ranking: list[dict[str, Any]]) -> list[list[str]]:
    """A line for each method: mean ± sd over the pairs in points, gain over source-only and its paired p."""
    lines = []
    for entry in ranking:
        if entry["mean"] is None:
            lines.append([_name(entry), "–", "–", "–", "–", f"0 of {entry['failed']}", "–"])
            continue
        gain = entry.get("gain")
        p = "–" if gain is None or np.isnan(gain["p"]) else terminal.p_value(gain["p"])
        total = entry["cells"] + entry["failed"]
        lines.append(
            [
                _name(entry),
                f"{100 * entry['mean']:.2f} ± {100 * entry['sd']:.2f}",
                "–" if gain is None else f"{100 * gain['value']:+.2f}",
                p,
                str(entry["negative"]),
                str(total) if not entry["failed"] else f"{entry['cells']} of {total}",
                f"{entry['seconds']:.1f}",
            ]
        )
    return lines


def pair_cells(cells: list[dict[str, Any]]) -> tuple[list[str], list[list[str]]]:
    """A line for each pair, a column for each method: the mean over the seeds, in points."""
    good = [row for row in cells if row["error"] is None]
    methods = list(dict.fromkeys(_name(row) for row in good))
    lines = []
    for pair in dict.fromkeys((row["source"], row["target"]) for row in good):
        line = [f"{pair[0]} → {pair[1]}"]
        for method in methods:
            values = [
                row["scores"]["adapted"][metric_of(row)]["value"]
                for row in good
                if (row["source"], row["target"]) == pair and _name(row) == method
            ]
            line.append(f"{100 * np.mean(values):.2f}" if values else "–")
        lines.append(line)
    return ["pair", *methods], lines


def markdown(headers: list[str], lines: list[list[str]]) -> str:
    rule = ["---", *("--:" for _ in headers[1:])]
    return "".join(f"| {' | '.join(line)} |\n" for line in [headers, rule, *lines])


def as_csv(cells: list[dict[str, Any]]) -> str:
    """One line for each cell."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(
        [
            "method",
            "settings",
            "source",
            "target",
            "seed",
            "metric",
            "baseline",
            "adapted",
            "verdict",
            "seconds",
            "error",
        ]
    )
    for row in cells:
        settings = " ".join(f"{name}={value}" for name, value in row["settings"].items())
        asked = [row["method"], settings, row["source"], row["target"], row["seed"]]
        if row["error"] is not None:
            writer.writerow([*asked, "", "", "", "", "", row["error"]])
            continue
        name = metric_of(row)
        baseline = row["scores"]["baseline"].get(name, {}).get("value", "")
        adapted = row["scores"]["adapted"][name]["value"]
        writer.writerow([*asked, name, baseline, adapted, row["verdict"], f"{row['seconds']:.2f}", ""])
    return stream.getvalue()


def _name(entry: dict[str, Any]) -> str:
    settings = "".join(f" {name}={value}" for name, value in entry["settings"].items())
    return entry["method"] + settings
