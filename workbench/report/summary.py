"""One record in full, as lines for a terminal."""

from __future__ import annotations

from typing import Any

from workbench.report import terminal
from workbench.running.records import Record
from workbench.scoring.comparing import Comparison, Difference, Estimate


def comparison_of(record: Record) -> Comparison:
    """The comparison that a record holds."""
    scores = record.scores
    return Comparison(
        titles=scores["titles"],
        baseline={name: Estimate(**value) for name, value in scores["baseline"].items()},
        adapted={name: Estimate(**value) for name, value in scores["adapted"].items()},
        difference={name: Difference(**value) for name, value in scores["difference"].items()},
        verdict=scores["verdict"],
    )


def lines(record: Record) -> list[str]:
    """What ran, on what, with which settings; the table; the verdict; what changed."""
    run, comparison = record.run, comparison_of(record)
    shown = [record.name, ""]
    for side in ("source", "target"):
        about = run[side]
        counts = ", ".join(f"{n:,} {what}" for what, n in about["counts"].items())
        more = ", ".join(f"{n:,} {what}" for what, n in about["unlabelled_counts"].items())
        shown.append(
            f"  {side:9} {about['name']} ({about['edition']}): {counts}" + (f"; {more} unlabelled" if more else "")
        )
    shown.append(f"  protocol  {run['protocol']}; seed {run['seed']}")
    shown.append(f"  settings  {', '.join(f'{k}={v}' for k, v in run['settings'].items()) or 'none'}")
    if run.get("selection"):
        shown.append(f"  chosen    {terminal.selection(run['selection'])}")
        scored = [f"{_values(row['settings'])}: {row['score']:.4f}" for row in run["selection"]["candidates"]]
        shown.append(f"  scores    {'; '.join(scored)}")
    if run.get("notes"):
        shown.append(f"  notes     {', '.join(f'{k}={_short(v)}' for k, v in run['notes'].items())}")
    shown.append(f"  seconds   {', '.join(f'{k} {v:.1f}' for k, v in run['seconds'].items())}")
    shown += [f"  notice    {notice}" for notice in [*run.get("notices", ()), *run.get("warnings", ())]]
    shown += [
        "",
        terminal.figures({**run, "companions": record.scores.get("companions", {})}, comparison),
        "",
        terminal.verdict(run, comparison),
    ]
    changes = record.scores.get("changes", {})
    shown += [f"  {line}" for line in changes.get("examples", ())]
    for title, rows in changes.get("tables", {}).items():
        shown += ["", title, terminal.table(rows["headers"], [[str(cell) for cell in row] for row in rows["rows"]])]
    return shown


def _values(settings: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in settings.items())


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"
