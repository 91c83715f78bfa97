"""Tables in the pages of the docs, between markers that say which audit writes there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table: the first column to the left, figures to the right."""
    rule = ["---", *["--:"] * (len(heads) - 1)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (heads, rule, *rows))


def points(share: float, sign: bool = False) -> str:
    """A share as points, e.g. ``3.4``; nothing where it is not known."""
    if share != share:
        return ""
    return f"{100 * share:+.1f}" if sign else f"{100 * share:.1f}"


def percent(share: float) -> str:
    return "" if share != share else f"{100 * share:.0f} %"


def write(page: Path, name: str, text: str) -> None:
    """Put a text between the page's markers of that name; raises :class:`ValueError` where it has none."""
    begin, end = f"<!-- audit: {name} -->", f"<!-- end of audit: {name} -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{page} has no place for the audit '{name}': {begin} … {end}")
    page.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}", encoding="utf-8")
