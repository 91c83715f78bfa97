"""One record as a self-contained HTML page: no script, no file beside it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

from workbench.report import terminal, verdicts
from workbench.report.shares import share_lines
from workbench.report.summary import described
from workbench.running.outcome import Outcome
from workbench.running.records import Record
from workbench.scoring.comparing import NEGATIVE, POSITIVE, PROBABLY_BETTER, PROBABLY_WORSE

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;font-size:.92rem}
th,td{padding:.3rem .8rem .3rem 0;text-align:right;border-bottom:1px solid #d8dee4;vertical-align:top}
th:first-child,td:first-child{text-align:left}
.verdict{padding:.6rem 1rem;border-left:.3rem solid #8c959f;background:#f6f8fa}
.good{border-color:#1a7f37}.bad{border-color:#cf222e}img{max-width:100%}code{font-size:.9em}
dl{display:grid;grid-template-columns:8rem 1fr;gap:.2rem 1rem}dt{color:#59636e}dd{margin:0}
"""


def render(record: Record, pictures: Mapping[str, Path]) -> str:
    """The page; ``pictures`` are PNG files by name, put into the page itself."""
    outcome = record.outcome
    tone = {POSITIVE: "good", NEGATIVE: "bad", PROBABLY_BETTER: "good", PROBABLY_WORSE: "bad"}.get(outcome.verdict, "")
    title = f"{outcome.method}: {outcome.source.name} → {outcome.target.name}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="verdict {tone}">{escape(verdicts.verdict(outcome))}</p>',
        *(f"<p>{escape(line)}</p>" for line in share_lines(outcome.shares)),
        _definitions(_about(record, outcome)),
        *_figures(outcome),
    ]
    if outcome.changes.examples:
        examples = "".join(f"<li>{escape(line)}</li>" for line in outcome.changes.examples)
        parts.append(f"<h2>What changed</h2><ul>{examples}</ul>")
    for name, rows in outcome.changes.tables.items():
        parts.append(f"<h3>{escape(name)}</h3>" + _table(rows.headers, rows.rows))
    for name, path in pictures.items():
        data = base64.b64encode(path.read_bytes()).decode("ascii")
        parts.append(f'<h2>{escape(name)}</h2><img alt="{escape(name)}" src="data:image/png;base64,{data}">')
    body = "\n".join(parts)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style><body>{body}</body></html>\n'
    )


def _figures(outcome: Outcome) -> list[str]:
    """The table of scores, or of estimates where nothing is scored; neither where there is nothing to show."""
    if not outcome.shown.adapted:
        return []
    title = "Scores" if outcome.comparison is not None else "Estimates, without labels"
    return [f"<h2>{title}</h2>", _table(*terminal.figure_rows(outcome, intervals=True))]


def _about(record: Record, outcome: Outcome) -> list[tuple[str, str]]:
    rows = [("source", described(outcome.source)), ("target", described(outcome.target))]
    rows += [("protocol", outcome.protocol), ("seed", str(outcome.seed))]
    settings = {**outcome.settings, **outcome.resolved}
    rows.append(("settings", ", ".join(f"{name} = {value}" for name, value in settings.items()) or "none"))
    rows += [("notice", notice) for notice in outcome.notices]
    rows.append(("versions", ", ".join(f"{name} {version}" for name, version in record.run["versions"].items())))
    return rows


def _definitions(rows: Iterable[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in rows) + "</dl>"


def _table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    head = "".join(f"<th>{escape(str(header))}</th>" for header in headers)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
