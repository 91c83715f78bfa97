"""The last screen of ``wb auto``: what differs, what was tried, what was chosen, how sure that is, what comes next."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from wb_diagnosis.automatic.budget import in_words
from wb_diagnosis.automatic.result import Result, Row
from workbench.report import terminal
from workbench.scoring.comparing import Difference, Estimate

INDENT = 13
"""Columns of the words before a line's text."""

FINDINGS = ("issue", "note")
"""The findings that are told; what passed has nothing to say."""

MARKS = {"chosen": "▸ ", "kept": "  ", "fitted": "  ", "not fitted": "  "}


def lines(result: Result) -> Iterator[str]:
    """Everything that a person reads at the end."""
    yield heading(result)
    shown = [finding for finding in result.findings if finding.status in FINDINGS]
    for number, finding in enumerate(shown):
        yield from _line("differs" if not number else "", f"{finding.code}  {finding.message}")
    yield ""
    yield leaderboard(result)
    yield ""
    yield from _line("adapting", likely(result))
    yield from _line("chosen", chosen(result))
    yield from _line("how right", how_right(result))
    for notice in result.notices:
        yield from _line("note", notice)
    yield from closing(result)


def heading(result: Result) -> str:
    counts = [", ".join(f"{n:,} {unit}" for unit, n in side.items()) for side in result.counts.values()]
    return f"{result.source} → {result.target}: {counts[0]} labelled, {counts[1]} unlabelled"


def leaderboard(result: Result) -> str:
    """What was fitted, the chosen model first, then what was not; as wide as the terminal."""
    headers = ["model", "accuracy", "gain", "expected", "took", "why not"]
    return terminal.table(headers, [_cells(row) for row in result.rows])


def _cells(row: Row) -> list[str]:
    return [
        MARKS[row.state] + row.title,
        _share(row.estimate),
        _points(row.difference),
        "–" if row.gain is None else f"{100 * row.gain:+.1f}",
        "–" if row.seconds is None else in_words(row.seconds),
        "chosen" if row.state == "chosen" else row.why,
    ]


def likely(result: Result) -> str:
    """Whether adapting is likely to help, in a sentence."""
    tried = [row for row in result.rows if row.gain is not None and row.title != result.reference]
    if not tried:
        return f"Nothing but {result.reference} was fitted; give more --budget or other --methods."
    if result.kept_reference:
        return f"Not likely to help: of {len(tried)} models none is expected to gain enough over {result.reference}."
    low, high = (result.chosen.gain or 0.0) - result.spread, (result.chosen.gain or 0.0) + result.spread
    sure = "Likely to help" if low > 0 else "May help"
    gain = f"{100 * (result.chosen.gain or 0.0):+.1f} points are expected over {result.reference}"
    return f"{sure}: {gain}; 9 of 10 such gains lay between {100 * low:+.1f} and {100 * high:+.1f}."


def chosen(result: Result) -> str:
    if result.kept_reference:
        return f"{result.chosen.title}: the plain method is kept."
    return f"{result.chosen.title}."


def how_right(result: Result) -> str:
    """The estimated accuracy with its interval, and that no label of the target says so."""
    estimate = result.chosen.estimate
    if estimate is None:
        return "It cannot be told without labels of the target; label 100 rows and score them by 'wb run'."
    right = f"About {100 * estimate.value:.0f} of 100 ({100 * estimate.low:.0f} to {100 * estimate.high:.0f})"
    support = f"; {result.support}" if result.support else ""
    return f"{right}, estimated without labels{support}."


def closing(result: Result) -> Iterator[str]:
    """Where everything is and what comes next."""
    if result.predictions is not None:
        yield from _line("predictions", f"{result.predictions} ({result.predicted:,} rows)")
    for row in result.rows:
        if row.record is not None:
            yield from _line("model" if row.state == "chosen" else "", str(row.record))
    stopped = ", stopped" if result.stopped else ""
    yield from _line("took", f"{in_words(result.seconds)} of {in_words(result.budget)}{stopped}")
    yield f"{'next':{INDENT}}wb predict {result.name} --file NEXT"
    yield f"{'':{INDENT}}wb runs rerun {result.name} --tgt NEXT"
    if result.labelled:
        yield from _line("", f"wb run {result.chosen.method} …   scores by the labels of {result.target}")


def _share(estimate: Estimate | None) -> str:
    if estimate is None:
        return "–"
    return f"{100 * estimate.value:.1f} ({100 * estimate.low:.0f}–{100 * estimate.high:.0f})"


def _points(change: Difference | None) -> str:
    return "–" if change is None else f"{100 * change.value:+.1f}"


def _line(word: str, text: str) -> list[str]:
    """A word and, beside it, a text that is folded to the terminal's width."""
    width = terminal.width() - INDENT
    first, *rest = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]
    return [f"{word:{INDENT}}{first}", *(f"{'':{INDENT}}{line}" for line in rest)]
