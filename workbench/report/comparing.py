"""Several records side by side, each tested against the first where they scored the same examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from workbench.plugins.isolation import isolated
from workbench.plugins.loading import Host
from workbench.report import terminal
from workbench.running.outcome import Outcome
from workbench.running.records import Record
from workbench.scoring.comparing import Difference, differ
from workbench.scoring.evaluators import Evaluator
from workbench.scoring.metrics import Metric
from workbench.scoring.scales import Scale
from workbench.scoring.statistics import Compute


@dataclass(frozen=True)
class Row:
    """One record of a comparison, and its differences to the first, figure by figure."""

    name: str
    outcome: Outcome
    same_examples: bool
    difference: dict[str, Difference]

    def as_json(self) -> dict[str, Any]:
        compared = self.outcome.shown
        return {
            "run": self.name,
            "method": self.outcome.method,
            "figures": {name: figure.value for name, figure in compared.adapted.items()},
            "scales": {name: vars(scale) for name, scale in compared.scales.items()},
            "same_examples": self.same_examples,
            "difference": {name: asdict(change) for name, change in self.difference.items()},
        }


def against_first(records: Sequence[Record], host: Host) -> list[Row]:
    """Test every figure of each record against the first's, by the evaluator's own statistics and clusters."""
    first, rows = records[0], []
    computes = _computes(host, str(first.run["task"]))
    for record in records:
        same = record.scores.get("examples") == first.scores.get("examples")
        tested = _differences(first, record, computes) if same and record is not first else {}
        rows.append(Row(record.name, record.outcome, same, tested))
    return rows


def _computes(host: Host, task: str) -> dict[str, Compute]:
    """What the task's evaluators compute their figures with, by name; figures of one that is broken are not tested."""
    computes: dict[str, Compute] = {}
    for entry in host.evaluators.for_task(task):
        with isolated(entry, lambda _: None):
            evaluator: type[Evaluator] = entry.load()
            computes |= {compute.__name__: compute for compute in evaluator.computes}
    return computes


def _differences(first: Record, second: Record, computes: dict[str, Compute]) -> dict[str, Difference]:
    before, after = first.statistics(), second.statistics()
    names = second.scores.get("computes", {})
    return {
        name: differ(Metric(before[name], computes[names[name]]), Metric(statistics, computes[names[name]]))
        for name, statistics in after.items()
        if name in before and before[name].shape == statistics.shape and names.get(name) in computes
    }


def cells(rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Headers and rows of the table: a line for each figure, a column for each record."""
    headers = ["figure", *(f"{number} {row.outcome.title}" for number, row in enumerate(rows, 1))]
    scales: dict[str, Scale] = {}
    for row in rows:
        scales = {**row.outcome.shown.scales, **scales}
    lines = []
    for name, scale in scales.items():
        line = [scale.title + scale.direction]
        for row in rows:
            figure = row.outcome.shown.adapted.get(name)
            line.append("–" if figure is None else scale.value(figure.value) + _tested(scale, row.difference.get(name)))
        lines.append(line)
    return headers, lines


def _tested(scale: Scale, change: Difference | None) -> str:
    """The difference to the first record and its p, behind a value."""
    return "" if change is None else f" ({scale.difference(change.value)}, p {terminal.p_value(change.p, words=True)})"


def notes(rows: Sequence[Row]) -> list[str]:
    """A line for each record that cannot be tested against the first."""
    estimated = [
        f"run {number} is not scored: its target has no labels, so nothing is tested"
        for number, row in enumerate(rows, 1)
        if row.outcome.comparison is None
    ]
    return estimated + [
        f"run {number} scored other examples than run 1: no test between them"
        for number, row in enumerate(rows, 1)
        if not row.same_examples
    ]
