"""Tables and sentences for a terminal as wide as it is; plain text when piped."""

from __future__ import annotations

import math
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import Literal

from workbench.choosing.grid import Choice
from workbench.running.outcome import Outcome, Reference
from workbench.scoring.comparing import NEGATIVE, POSITIVE, PROBABLY_BETTER, PROBABLY_WORSE, Difference, Estimate
from workbench.scoring.scales import Scale

NARROWEST, PIPED = 80, 100
"""Columns that every table fits, and those where the output is no terminal."""

COLOURS = {POSITIVE: "green", NEGATIVE: "red", PROBABLY_BETTER: "green", PROBABLY_WORSE: "red"}


def width() -> int:
    """Columns of the terminal, at least 80; 100 where there is none."""
    return max(NARROWEST, shutil.get_terminal_size((PIPED, 24)).columns)


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1, names: bool = False) -> str:
    """Aligned columns under bold headers; the first ``left`` columns flush left, the others right.

    Where the terminal is too narrow, cells are folded, those of the first column last. With ``names`` the first column
    holds names to copy, which are never folded, be the table wider than the terminal for it.
    """
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    lines = list(rows)
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for number, header in enumerate(headers):
        whole = names and number == 0
        justify: Literal["left", "right"] = "left" if number < left else "right"
        drawn.add_column(escape(header), justify=justify, overflow="fold", no_wrap=whole)
    if not names:
        drawn.columns[0].width = _first_width(headers, lines)
    for row in lines:
        drawn.add_row(*(escape(cell) for cell in row))
    console = Console(
        width=max(width(), _least_width(headers, lines)) if names else width(),
        force_terminal=sys.stdout.isatty(),
        no_color=False,
    )
    with console.capture() as captured:
        console.print(drawn, highlight=False)
    return "\n".join(line.rstrip() for line in captured.get().rstrip("\n").split("\n"))


def _least_width(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Columns that whole names in the first column and the longest word of each other one take."""
    first, *others = zip(headers, *rows, strict=False)
    words = [max((len(word) for cell in column for word in cell.split()), default=0) + 2 for column in others]
    return max(map(len, first)) + 2 + sum(words)


def _first_width(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> int | None:
    """What the first column needs to keep its cells whole, where the others then fold between words; else None."""
    columns = list(zip(headers, *rows, strict=False))
    if not rows or sum(max(map(len, column)) + 2 for column in columns) - 2 <= width():
        return None
    first = max(map(len, [*headers[0].split(), *columns[0][1:]]))
    others = sum(max((len(word) for cell in column for word in cell.split()), default=0) + 2 for column in columns[1:])
    return first if first + others <= width() else None


def blocks(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of figures; where the terminal is too narrow, several under each other that repeat the first column."""
    widths = [max(map(len, column)) + 2 for column in zip(headers, *rows, strict=True)]
    first, drawn = min(widths[0], width() // 2), []
    start = 1
    while start < len(headers):
        stop = start + 1
        while stop < len(headers) and first + sum(widths[start : stop + 1]) - 2 <= width():
            stop += 1
        kept = [[line[0], *line[start:stop]] for line in [headers, *rows]]
        drawn.append(table(kept[0], kept[1:]))
        start = stop
    return "\n\n".join(drawn)


def figures(outcome: Outcome) -> str:
    """The adapted model beside its baseline and the plain reference, figure by figure.

    Each with its interval, the difference to the baseline and the paired p. Where the terminal is too narrow for all
    intervals, only the adapted model keeps its own. What was predicted alone, where nothing is scored or estimated.
    """
    if not outcome.shown.adapted:
        return scored_on(outcome)
    whole = figure_rows(outcome, intervals=True)
    return table(*whole) if _fits(*whole) else table(*figure_rows(outcome, intervals=False))


def figure_rows(outcome: Outcome, intervals: bool) -> tuple[list[str], list[list[str]]]:
    """Headers and rows of :func:`figures`; an estimated difference has an interval in the place of a p."""
    compared, reference = outcome.shown, other_reference(outcome)
    headers = [scored_on(outcome)]
    if reference is not None:
        headers.append(f"plain {reference.title}" if reference.title == outcome.baseline else reference.title)
    if compared.baseline:
        headers.append(str(outcome.baseline))
    headers.append(outcome.title)
    if compared.difference:
        headers += ["difference", "p"] if outcome.comparison is not None else ["difference"]
    rows = []
    for name, after in compared.adapted.items():
        scale = compared.scales[name]
        row = [scale.title + scale.direction]
        if reference is not None:
            row.append(estimate(scale, reference.scores.get(name), intervals))
        if compared.baseline:
            row.append(estimate(scale, compared.baseline.get(name), intervals))
        row.append(estimate(scale, after))
        if name in compared.difference:
            row += _difference_cells(scale, compared.difference[name], tested=outcome.comparison is not None)
        rows.append(row)
    return headers, [*rows, *_companion_rows(outcome, len(headers))]


def _difference_cells(scale: Scale, change: Difference, tested: bool) -> list[str]:
    value = scale.difference(change.value)
    if tested:
        return [value, p_value(change.p)]
    return [f"{value} ({scale.difference(change.low)} to {scale.difference(change.high)})"]


def _companion_rows(outcome: Outcome, columns: int) -> list[list[str]]:
    """The deciding figure of each companion, in the adapted model's column."""
    if not outcome.companions:
        return []
    name, scale = outcome.shown.primary, outcome.primary
    place = columns - 3 if outcome.shown.baseline else columns - 1
    rows = []
    for companion, scores in outcome.companions.items():
        row = [""] * columns
        row[0], row[place] = f"{scale.title}, {companion}", estimate(scale, scores.get(name))
        rows.append(row)
    return rows


def _fits(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the table is no wider than the terminal; the first header, which is words, may be folded."""
    columns = zip(["", *headers[1:]], *(list(row) + [""] * (len(headers) - len(row)) for row in rows), strict=True)
    return sum(max(map(len, column)) + 2 for column in columns) - 2 <= width()


def scored_on(outcome: Outcome) -> str:
    """What was scored: the target, how much of it, and over how many seeds."""
    target = outcome.target
    counts = ", ".join(f"{n:,} {unit}" for unit, n in (target.counts or target.predicted_counts).items())
    without = "" if outcome.comparison is not None else ", predicted without labels"
    seeds = f", mean of {len(outcome.seeds)} seeds" if len(outcome.seeds) > 1 else ""
    return f"{target.name}: {counts}{without}{seeds}"


def other_reference(outcome: Outcome) -> Reference | None:
    """The plain reference, where it is another model than the baseline."""
    reference = outcome.reference
    return None if reference is None or reference.is_baseline else reference


def closing(outcome: Outcome, at: str = "last") -> list[str]:
    """Where the record is and the next useful commands; ``at`` is how they name the record."""
    seconds = sum(outcome.seconds.values())
    lines = [f"record  {outcome.record}", f"took    {seconds:.1f} s, peak memory {outcome.peak_memory_mb:.0f} MB"]
    if outcome.selection is not None:
        lines.insert(0, f"chosen  {selection(outcome.selection)}")
    lines += [f"more    {advice}   for the full corpus" for advice in outcome.advice]
    given = "--text '…'" if outcome.typed_inputs else "--file FILE"
    return [*lines, f"next    wb runs show {at}  ·  wb predict {at} {given}"]


def selection(choice: Choice) -> str:
    """What a selector chose, out of how many, and how."""
    chosen = ", ".join(f"{name}={value}" for name, value in choice.chosen.items())
    return f"{chosen} of {len(choice.candidates)} candidates by {choice.selector}, {choice.selected}"


def estimate(scale: Scale, figure: Estimate | None, interval: bool = True) -> str:
    """A figure with its 95 % interval: 80.60 (79.6–81.6)."""
    if figure is None or math.isnan(figure.value):
        return "–"
    value = scale.value(figure.value)
    if not interval:
        return value
    low, high = (scale.value(bound, digits=1 if scale.unit == "share" else 2) for bound in (figure.low, figure.high))
    return f"{value} ({low}–{high})"


def p_value(p: float, words: bool = False) -> str:
    """A p as people read it: < .001, .117; with ``words``: = .117."""
    if math.isnan(p):
        return "–"
    small = p < 0.001
    text = "< .001" if small else f"{p:.3f}".lstrip("0")
    return text if small or not words else f"= {text}"
