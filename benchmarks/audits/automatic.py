"""Learn what ``wb auto`` tries and how it chooses from the bank, and say how well that does on collections left out.

    python benchmarks/audits/automatic.py [--bank FOLDER] [--ship]

Writes the table of docs/auto.md and, where asked, the portfolio that is shipped. A minute or two.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import blends
import markdown
import numpy as np
from bank import BANK
from judged import group_weights
from portfolio import HARM, Outcome, guards, learn_guard, nested
from races import races_of
from rows import FEWEST_PAIRS, rows_of
from shipping import shipped

from wb_diagnosis.automatic.portfolio import SHIPPED
from workbench.files import write_atomically
from workbench.plugins.loading import load

MOST = 12
"""Entries of a situation's portfolio."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Learn the portfolio of wb auto.")
    parser.add_argument("--bank", type=Path, default=BANK, help="The folder of the bank.")
    parser.add_argument("--ship", action="store_true", help="Write the portfolio that is packaged.")
    chosen = parser.parse_args()
    rows = rows_of(chosen.bank, load())
    learnt = blends.left_out(rows)
    races = races_of(
        rows,
        lambda row: blends.estimate(row, learnt[row.group]),
        lambda before, after: blends.difference(before, after, learnt[after.group]),
    )
    rules = guards()
    outcomes = nested(races, MOST, rules)
    if chosen.ship:
        write_atomically(SHIPPED, shipped(races, learn_guard(races, MOST, rules), MOST))
    text = report(outcomes)
    markdown.write(markdown.DOCS / "auto.md", "automatic", text)
    print(text)


def report(outcomes: Sequence[Outcome]) -> str:
    """The table by group of collections, and the mean in which every group counts the same."""
    heads = ["left out", "pairs", "source-only", "one method for all", "wb auto", "best", "regret of auto",
             "of source-only", "of one method", "worse than source-only"]  # fmt: skip
    groups = sorted({outcome.group for outcome in outcomes})
    of_groups = {group: [each for each in outcomes if each.group == group] for group in groups}
    lines = [_line(group, own) for group, own in of_groups.items()]
    large = [each for own in of_groups.values() if len(own) >= FEWEST_PAIRS for each in own]
    note = f"Accuracy in percent; the mean is that of the groups with {FEWEST_PAIRS} pairs or more, each the same."
    return f"{note}\n\n{markdown.table(heads, [*lines, _line('mean of the groups', large)])}"


def _line(name: str, outcomes: Sequence[Outcome]) -> list[str]:
    weights = group_weights([outcome.group for outcome in outcomes])

    def mean(values: Sequence[float]) -> float:
        return float(weights @ np.array(values, dtype=float))

    accuracy, reference, best, fixed = (
        mean([getattr(outcome, name) for outcome in outcomes]) for name in ("accuracy", "reference", "best", "fixed")
    )
    worse = mean([outcome.accuracy < outcome.reference - HARM for outcome in outcomes])
    figures = [reference, fixed, accuracy, best, best - accuracy, best - reference, best - fixed]
    return [name, str(len(outcomes)), *map(markdown.points, figures), markdown.percent(worse)]


if __name__ == "__main__":
    main()
