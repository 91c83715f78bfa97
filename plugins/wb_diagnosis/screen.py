"""A diagnosis on one screen of the terminal."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import click

from wb_diagnosis.diagnosing import Checked, Diagnosis
from wb_diagnosis.scatter import scatter
from workbench.data.pairs import Pair
from workbench.report.terminal import width

COLOURS = {"issue": "red", "note": "yellow", "passed": "green"}
MARKS = {"issue": "✗", "note": "!", "passed": "✓", "not applicable": "–"}
INDENT, LINES = 9, 2
"""Columns before the text, and lines of a detail at most."""

DOCS = "docs/diagnosis.md"


def screen(diagnosis: Diagnosis, pair: Pair, picture: Path | None = None) -> str:
    """The findings, worst explained most, and both domains drawn with characters."""
    columns = width()
    lines = _heading(diagnosis, columns)
    for checked in diagnosis.checks:
        if checked.finding.status != "not applicable":
            lines += _lines(checked, columns)
    quiet = [f"{c.finding.code} {c.finding.message}" for c in diagnosis.checks if c.finding.status == "not applicable"]
    quiet += [f"{code} left out by --fast" for code in diagnosis.left_out]
    if quiet:
        lines += textwrap.wrap(_unbroken(f"– not applicable: {'; '.join(quiet)}"), columns, subsequent_indent="  ")
    lines += scatter(pair, columns)
    saved = [f"picture  {picture}"] if picture is not None else []
    return "\n".join([*lines, *saved, f"{diagnosis.seconds:.1f} s · what the codes mean: {DOCS}"])


def _heading(diagnosis: Diagnosis, columns: int) -> list[str]:
    sides = zip((diagnosis.source, diagnosis.target), diagnosis.examples, diagnosis.sampled, strict=True)
    parts = [f"{name} ({n:,}" + (f", {seen:,} looked at)" if seen < n else ")") for name, n, seen in sides]
    counts = [f"{sum(c.finding.status == s for c in diagnosis.checks)} {s}" for s in ("issue", "note", "passed")]
    names, tally = " → ".join(parts), " · ".join(counts)
    if len(names) + 3 + len(tally) > columns:
        return [*(click.style(line, bold=True) for line in textwrap.wrap(names, columns)), tally]
    return [f"{click.style(names, bold=True)}   {tally}"]


def _lines(checked: Checked, columns: int) -> list[str]:
    """Mark, code and message; what did not pass also with details, advice and command."""
    finding = checked.finding
    colour = COLOURS.get(finding.status)
    first, *further = textwrap.wrap(_unbroken(finding.message), columns - INDENT)
    lines = [click.style(f"{MARKS[finding.status]} {finding.code:<{INDENT - 3}} ", fg=colour) + first]
    indent = " " * INDENT
    lines += [indent + line for line in further]
    if finding.status == "passed":
        return lines
    for detail in finding.details:
        lines += [indent + line for line in _cut(_unbroken(detail), columns - INDENT)]
    if finding.advice:
        wrapped = textwrap.wrap(_unbroken(finding.advice), columns, initial_indent=indent, subsequent_indent=indent)
        lines += [click.style(line, dim=True) for line in wrapped]
    if finding.command:
        lines.append(click.style(f"{indent}$ {finding.command}", fg="cyan"))
    return lines


def _unbroken(text: str) -> str:
    """The text with a number and its unit kept on one line."""
    return re.sub(r"(?<=\d) %", "\N{NO-BREAK SPACE}%", text).replace("± ", "±\N{NO-BREAK SPACE}")


def _cut(text: str, columns: int) -> list[str]:
    """The text in at most :data:`LINES` lines."""
    return textwrap.wrap(text, columns, max_lines=LINES, placeholder=" …")
