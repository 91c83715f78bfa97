"""What each way to select without target labels chooses, beside the oracle: one table for each grid.

Every point of a grid is fitted once for each pair and scored by every selector, as ``wb run --select`` does for one.
Only the last columns, accuracy and the oracle's, look at the target's labels: after all choices are made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import rankdata

from workbench.choosing.candidates import Candidate
from workbench.choosing.grid import hold_out, points
from workbench.choosing.selectors import Selector
from workbench.data.domains import Problem
from workbench.errors import UsageError
from workbench.methods.variants import make
from workbench.plugins.loading import Host, load
from workbench.progress import Progress
from workbench.running.opened import RunData, open_data
from workbench.running.specification import Specification

ALL = "all selectors"


@dataclass(frozen=True)
class Audit:
    """One grid over some pairs: ``accuracy`` (pairs, points), and for each selector its scores of the same shape."""

    points: list[dict[str, Any]]
    accuracy: np.ndarray
    scores: dict[str, np.ndarray]

    def chosen(self, selector: str) -> np.ndarray:
        """The accuracy of what a selector chooses for each pair; the first of equals."""
        best = np.nanargmax(self.scores[selector], axis=1)
        return self.accuracy[np.arange(len(best)), best]

    def chosen_together(self, selector: str) -> int:
        """The one point of the best mean rank over all pairs."""
        return int(self._ranks(selector).mean(axis=0).argmax())

    def with_all(self) -> Audit:
        """The same with one selector more, ``ALL``: the mean rank over the others."""
        mean = np.mean([self._ranks(name) for name in self.scores], axis=0)
        return Audit(self.points, self.accuracy, {**self.scores, ALL: mean})

    def _ranks(self, selector: str) -> np.ndarray:
        """Of every pair's points, the best highest; equals share their mean rank."""
        return rankdata(self.scores[selector], axis=1)

    @property
    def oracle(self) -> np.ndarray:
        """By the target's labels: the best point of each pair."""
        return self.accuracy.max(axis=1)


def section(table: Mapping[str, Any]) -> str:
    """All audits of a table as Markdown."""
    parts = [f"\n## {table['title']}\n\n{table['about']}\n"]
    for row in table["audits"]:
        settings = row.get("settings", {})
        found = audit(row["method"], table["pairs"], row["grid"], table["selectors"], settings)
        parts.append(_as_markdown(row["method"], settings, row["grid"], found.with_all()))
        print(parts[-1], flush=True)
    return "\n".join(parts)


def _as_markdown(method: str, settings: Mapping[str, Any], grid: Mapping[str, Sequence[Any]], found: Audit) -> str:
    means = found.accuracy.mean(axis=0)
    best, oracle = float(means.max()), float(found.oracle.mean())
    named = method + "".join(f", {name} {str(value).lower()}" for name, value in settings.items())
    over = "; ".join(f"{name} {', '.join(map(str, values))}" for name, values in grid.items())
    lines = ["| selector | one setting | mean | regret | by pair | regret |", "| --- | --- | --: | --: | --: | --: |"]
    for name in found.scores:
        chosen, by_pair = found.chosen_together(name), float(found.chosen(name).mean())
        lines.append(
            f"| {name} | {_said(found.points[chosen])} | {means[chosen]:.2f} | {best - means[chosen]:.2f} | "
            f"{by_pair:.2f} | {oracle - by_pair:.2f} |"
        )
    top = _said(found.points[int(means.argmax())])
    lines.append(f"| *oracle, by target labels* | *{top}* | *{best:.2f}* |  | *{oracle:.2f}* |  |")
    worst = f"{means.min():.2f} ({_said(found.points[int(means.argmin())])})"
    head = f"### {named}\n\nGrid: {over}. The points' means lie between {worst} and {best:.2f}.\n"
    return "\n".join([head, *lines, ""])


def _said(point: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in point.items())


def audit(
    method: str,
    pairs: Sequence[str],
    grid: Mapping[str, Sequence[Any]],
    names: Sequence[str],
    settings: Mapping[str, Any],
) -> Audit:
    """Fit every point for every pair and score it by every named selector that can score it."""
    host = load()
    selectors = {name: host.selectors.get(name).load()() for name in names}
    cells = [{**settings, **cell} for cell in points(grid)]
    accuracy = np.zeros((len(pairs), len(cells)))
    scores = {name: np.full(accuracy.shape, np.nan) for name in names}
    for row, pair in enumerate(pairs):
        for column, found, gold_accuracy in _cells(method, pair, cells, selectors, host):
            accuracy[row, column] = gold_accuracy
            for name, score in found.items():
                scores[name][row, column] = score
    return Audit(points(grid), accuracy, {name: found for name, found in scores.items() if not np.isnan(found).any()})


def _cells(
    method: str, pair: str, cells: list[dict[str, Any]], selectors: Mapping[str, Selector], host: Host
) -> Iterator[tuple[int, dict[str, float], float]]:
    source, _, target = pair.partition(":")
    data = open_data(Specification(method, (source,), target), host)
    problem = data.problem()
    entry = host.methods.get(method, data.task_name)
    training, held_out = hold_out(problem) if any(s.needs_held_out for s in selectors.values()) else (problem, None)
    for column, cell in enumerate(cells):
        method_here = make(entry, cell, host)
        candidate = _candidate(method_here, problem)
        validated = _candidate(method_here, training, held_out) if held_out is not None else candidate
        found = {}
        for name, selector in selectors.items():
            try:
                found[name] = selector.score(validated if selector.needs_held_out else candidate)
            except UsageError:  # a classifier without probabilities, for a selector that needs them
                continue
        yield column, found, _accuracy(candidate, data)


def _candidate(method: Any, problem: Problem, held_out: Any = None) -> Candidate:
    model = method.fit(problem, Progress())
    return Candidate(
        model, problem, held_out, model.predict(problem.target.inputs), lambda p: method.fit(p, Progress())
    )


def _accuracy(candidate: Candidate, data: RunData) -> float:
    gold = data.gold()
    predicted = candidate.model.predict(gold.inputs)
    said = np.array(predicted.classes)[predicted.labels]
    return 100 * float(np.mean(said == np.array(gold.classes)[gold.labels]))
