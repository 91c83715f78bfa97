"""From the rows of a bench to a ranking of its methods."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from workbench.scoring import statistics
from workbench.scoring.comparing import NEGATIVE


def rank(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry for each method and setting, best mean first.

    The figure is the evaluators' first. Seeds of a pair are averaged; ``mean`` and ``sd`` are over pairs, and the test
    against source-only is a paired t over the pairs (NaN with one pair).
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(json.dumps([row["method"], row["settings"]], sort_keys=True), []).append(row)
    entries = [_entry(group) for group in groups.values()]
    return sorted(entries, key=lambda entry: -np.inf if entry["mean"] is None else entry["mean"], reverse=True)


def metric_of(row: dict[str, Any]) -> str:
    """The figure that decides: the first that the evaluators gave."""
    return str(next(iter(row["scores"]["adapted"])))


def _entry(group: list[dict[str, Any]]) -> dict[str, Any]:
    good = [row for row in group if row["error"] is None]
    entry: dict[str, Any] = {
        "method": group[0]["method"],
        "settings": group[0]["settings"],
        "cells": len(good),
        "failed": len(group) - len(good),
        "metric": metric_of(good[0]) if good else None,
        "mean": None,
    }
    if not good:
        return entry
    pairs: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in good:
        pairs.setdefault((row["source"], row["target"]), []).append(row)
    name = entry["metric"]
    values = np.array([np.mean([row["scores"]["adapted"][name]["value"] for row in rows]) for rows in pairs.values()])
    entry |= {"mean": float(values.mean()), "sd": float(values.std(ddof=1)) if len(values) > 1 else 0.0}
    compared = [[row["difference"][name]["value"] for row in rows if row["difference"]] for rows in pairs.values()]
    changes = np.array([np.mean(found) for found in compared if found])
    if len(changes):
        p, low, high = statistics.seeds_test(changes)
        entry["gain"] = {"value": float(changes.mean()), "low": low, "high": high, "p": p}
    entry["negative"] = sum(row["verdict"] == NEGATIVE for row in good)
    entry["seconds"] = float(np.mean([row["seconds"] for row in good]))
    return entry
