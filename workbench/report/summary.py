"""One record in full, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.report import terminal, verdicts
from workbench.report.shares import share_lines
from workbench.running.outcome import DomainSummary, Outcome


def lines(name: str, outcome: Outcome) -> list[str]:
    """What ran, on what, with which settings; the table; the verdict; what changed."""
    shown = [name, "", *_about(outcome)]
    if outcome.selection is not None:
        shown.append(f"  chosen    {terminal.selection(outcome.selection)}")
        scored = [f"{_values(row['settings'])}: {row['score']:.4f}" for row in outcome.selection.candidates]
        shown.append(f"  scores    {'; '.join(scored)}")
    if outcome.notes:
        shown.append(f"  notes     {', '.join(f'{k}={_short(v)}' for k, v in outcome.notes.items())}")
    shown.append(f"  seconds   {', '.join(f'{k} {v:.1f}' for k, v in outcome.seconds.items())}")
    shown += [f"  notice    {notice}" for notice in (*outcome.notices, *outcome.warnings)]
    shown += ["", terminal.figures(outcome), "", verdicts.verdict(outcome), *share_lines(outcome.shares)]
    shown += [f"  {line}" for line in outcome.changes.examples]
    for title, rows in outcome.changes.tables.items():
        cells = [[str(cell) for cell in row] for row in rows.rows]
        shown += ["", title, terminal.table(list(rows.headers), cells)]
    return shown


def _about(outcome: Outcome) -> list[str]:
    variant = f" ({outcome.variant})" if outcome.variant else ""
    shown = [f"  method    {outcome.method}{variant}"]
    for side, domain in (("source", outcome.source), ("target", outcome.target)):
        shown.append(f"  {side:9} {described(domain)}")
    shown.append(f"  protocol  {outcome.protocol}; seed {outcome.seed}")
    shown.append(f"  settings  {_values(outcome.settings) or 'none'}")
    if outcome.resolved:
        shown.append(f"  auto      {_values(outcome.resolved)}")
    if outcome.plugins:
        shown.append(f"  plugins   {', '.join(f'{p.name} {p.version}'.strip() for p in outcome.plugins)}")
    return shown


def described(domain: DomainSummary) -> str:
    """A side of the run: its name, edition and how much it holds."""
    counts = ", ".join(f"{n:,} {unit}" for unit, n in domain.counts.items()) or "no labels"
    more = ", ".join(f"{n:,} {unit}" for unit, n in domain.unlabelled_counts.items())
    return f"{domain.name} ({domain.edition}): {counts}" + (f"; {more} unlabelled" if more else "")


def _values(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in settings.items())


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"
