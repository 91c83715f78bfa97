"""From the rows of a bench to a ranking of its methods, with their baselines and the plain reference among them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np
from pydantic import Field

from workbench.benching.cell_result import CellResult
from workbench.running.outcome import Part
from workbench.scoring import statistics
from workbench.scoring.comparing import NEGATIVE, PROBABLY_WORSE
from workbench.scoring.scales import Scale

Key = tuple[str, str, int]
"""Source, target and seed of a cell."""


class Gain(Part):
    """The mean difference over the pairs, and Student's paired t over them (NaN with one pair and for estimates)."""

    over: str = Field(description="What it is a difference to.")
    value: float
    low: float
    high: float
    p: float


class Standing(Part):
    """One method with its settings, or a baseline or reference, over all pairs of a bench."""

    name: str
    role: Literal["method", "baseline", "reference"] = "method"
    method: str = ""
    settings: dict[str, Any] = Field(default_factory=dict)
    figure: str = Field("", description="The deciding figure.")
    scale: Scale | None = None
    mean: float | None = Field(None, description="Over the pairs, after the seeds of each; None where no cell ran.")
    sd: float = Field(0.0, description="Over the pairs.")
    gain: Gain | None = Field(None, description="Over the method's own baseline.")
    over_reference: Gain | None = Field(None, description="Over the plain reference.")
    negative: int = Field(0, description="Cells with negative transfer.")
    cells: int = 0
    failed: int = 0
    seconds: float | None = Field(None, description="Of a cell, on the mean.")


def rank(rows: Sequence[CellResult]) -> tuple[Standing, ...]:
    """Standings of each method and setting, of their baselines and of the plain reference, best mean first.

    The figure is the task's first; where lower is better, lower stands first. Where some targets have labels and
    others none, scores and estimates are never averaged: a method then has a standing of each.
    """
    groups: dict[str, list[CellResult]] = {}
    for row in rows:
        kind = [row.method, row.settings, row.is_estimated]
        groups.setdefault(json.dumps(kind, sort_keys=True), []).append(row)
    references = reference_values(rows)
    standings = [_standing(group, references) for group in groups.values()]
    standings += _baselines(groups.values(), references, {s.method for s in standings})
    standings += _reference(rows, references, standings)
    return tuple(sorted(standings, key=_place))


def _place(standing: Standing) -> float:
    if standing.mean is None or standing.scale is None:
        return float("inf")
    return -standing.scale.gain(standing.mean)


def key_of(row: CellResult) -> Key:
    return row.source, row.target, row.seed


def reference_values(rows: Iterable[CellResult]) -> dict[Key, float]:
    """The plain reference's figure for each pair and seed, from whichever cell has it."""
    return {
        key_of(row): row.reference.scores[row.primary].value
        for row in rows
        if row.has_figures and row.reference is not None and row.primary in row.reference.scores
    }


def _standing(group: Sequence[CellResult], references: dict[Key, float]) -> Standing:
    good = [row for row in group if row.error is None]
    figured = [row for row in good if row.has_figures]
    first = group[0]
    standing = Standing(
        name=first.name,
        method=first.method,
        settings=first.settings,
        cells=len(good),
        failed=len(group) - len(good),
        negative=sum(row.verdict in (NEGATIVE, PROBABLY_WORSE) for row in good),
    )
    if not figured:
        return standing
    changes = {key_of(row): row.change.value for row in figured if row.change is not None}
    values = {key_of(row): row.value.value for row in figured}
    baseline = next((row.baseline_title for row in figured if row.baseline), "")
    tested = not first.is_estimated
    return standing.model_copy(
        update={
            **_means(figured[0], values),
            "gain": _gain(baseline, changes, tested),
            "over_reference": _gain("plain reference", _apart(values, references), tested),
            "seconds": float(np.mean([row.seconds for row in good])),
        }
    )


def _baselines(
    groups: Iterable[Sequence[CellResult]], references: dict[Key, float], present: set[str]
) -> list[Standing]:
    """A standing for each distinct baseline that is neither a method of the bench nor the plain reference.

    Methods whose baselines have the same name and the same figures share one.
    """
    shared: dict[str, tuple[CellResult, dict[Key, float], list[str]]] = {}
    for group in groups:
        compared = [row for row in group if row.has_figures and row.before is not None and not _is_reference(row)]
        values = {key_of(row): row.before.value for row in compared if row.before is not None}
        if compared and compared[0].baseline not in present:
            signature = json.dumps([compared[0].baseline, sorted([*key, value] for key, value in values.items())])
            shared.setdefault(signature, (compared[0], values, []))[2].append(compared[0].method)
    return [
        Standing(
            name=f"{first.baseline} (of {', '.join(dict.fromkeys(methods))})",
            role="baseline",
            method=str(first.baseline),
            cells=len(values),
            over_reference=_gain("plain reference", _apart(values, references), not first.is_estimated),
            **_means(first, values),
        )
        for first, values, methods in shared.values()
    ]


def _apart(values: dict[Key, float], references: dict[Key, float]) -> dict[Key, float]:
    """The distance of each value from the plain reference, where that is known."""
    return {key: value - references[key] for key, value in values.items() if key in references}


def _is_reference(row: CellResult) -> bool:
    return row.reference is not None and row.reference.is_baseline


def _reference(
    rows: Sequence[CellResult], references: dict[Key, float], standings: Iterable[Standing]
) -> list[Standing]:
    """The plain reference's own standing, unless a method of the bench is the same; one of scores, one of estimates."""
    ranked = []
    for estimated in (False, True):
        here = [row for row in rows if row.has_figures and row.reference and row.is_estimated == estimated]
        values = {key_of(row): references[key_of(row)] for row in here if key_of(row) in references}
        if not values or here[0].reference is None:
            continue
        means, reference = _means(here[0], values), here[0].reference
        if not any(s.method == reference.method and s.mean == means["mean"] for s in standings):
            name = f"{reference.title} (plain reference)"
            ranked.append(Standing(name=name, role="reference", method=reference.method, cells=len(values), **means))
    return ranked


def _means(row: CellResult, values: dict[Key, float]) -> dict[str, Any]:
    """Mean and deviation over the pairs of values by pair and seed."""
    pairs = _by_pair(values)
    return {
        "figure": row.primary,
        "scale": row.scale,
        "mean": float(pairs.mean()),
        "sd": float(pairs.std(ddof=1)) if len(pairs) > 1 else 0.0,
    }


def _gain(over: str, changes: dict[Key, float], tested: bool) -> Gain | None:
    """The mean difference over the pairs; estimates without labels are not tested."""
    if not changes:
        return None
    pairs = _by_pair(changes)
    p, low, high = statistics.seeds_test(pairs) if tested else (math.nan, math.nan, math.nan)
    return Gain(over=over, value=float(pairs.mean()), low=low, high=high, p=p)


def _by_pair(values: dict[Key, float]) -> np.ndarray:
    """The mean over the seeds of each pair."""
    pairs: dict[tuple[str, str], list[float]] = {}
    for (source, target, _), value in values.items():
        pairs.setdefault((source, target), []).append(value)
    return np.array([np.mean(seeds) for seeds in pairs.values()])
