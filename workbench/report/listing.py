"""Records as a table, a line each, and which of them a filter lets through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbench.report import terminal
from workbench.running.outcome import Outcome
from workbench.running.records import Record
from workbench.scoring.comparing import Comparison


def fits(record: Record, wanted: Iterable[tuple[str, str]]) -> bool:
    """Whether the record has every wanted value: of its method, source, target, task, verdict, seed or a setting."""
    run = record.run
    values = {
        **{name: run.get(name) for name in ("method", "task", "variant", "verdict", "seed")},
        "source": run.get("source", {}).get("name"),
        "target": run.get("target", {}).get("name"),
        **run.get("settings", {}),
    }
    return all(str(values.get(name)) == value for name, value in wanted)


def cells(records: Sequence[Record], with_settings: bool) -> tuple[list[str], list[list[str]]]:
    """Headers and a line for each record: its deciding figure, the difference and the verdict."""
    headers = ["run", *(["settings"] if with_settings else []), "score", "difference", "verdict"]
    return headers, [_line(record, record.outcome, with_settings) for record in records]


def _line(record: Record, outcome: Outcome, with_settings: bool) -> list[str]:
    compared = outcome.shown
    given = record.run["specification"].get("given", {})
    settings = ", ".join(f"{name}={value}" for name, value in given.items()) or "–"
    return [record.name, *([settings] if with_settings else []), *_figures(outcome, compared), outcome.verdict]


def _figures(outcome: Outcome, compared: Comparison) -> list[str]:
    """The deciding figure and the difference, which say where they are estimated."""
    if not compared.adapted:
        return ["–", "–"]
    scale, change = outcome.primary, compared.difference.get(compared.primary)
    value = terminal.estimate(scale, compared.adapted[compared.primary], interval=False)
    marked = value if outcome.comparison is not None else f"{value} est."
    return [marked, scale.difference(change.value) if change is not None else "–"]
