"""Several records side by side, each tested against the first where they scored the same examples."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.report import terminal
from workbench.running.records import Record
from workbench.scoring.comparing import differ
from workbench.scoring.metrics import Metric


def against_first(records: list[Record]) -> list[dict[str, Any]]:
    """A row for each record: its figures and, against the first, the difference and the paired p.

    The test is over the share of right labels in each example, which predictions.jsonl holds.
    """
    reference = _correct(records[0])
    rows = []
    for number, record in enumerate(records):
        row: dict[str, Any] = {
            "run": record.name,
            "method": record.method,
            "figures": {name: value["value"] for name, value in record.scores["adapted"].items()},
            "titles": record.scores["titles"],
        }
        found = _correct(record)
        if number and found is not None and reference is not None:
            row["same_examples"] = found[0] == reference[0]
            if row["same_examples"]:
                change = differ(Metric(reference[1]), Metric(found[1]))
                row["difference"] = vars(change)
        rows.append(row)
    return rows


def cells(rows: list[dict[str, Any]]) -> tuple[list[str], list[list[str]]]:
    """Headers and rows of the table: a line for each figure, a column for each record."""
    headers = ["figure", *(f"{number} {row['method']}" for number, row in enumerate(rows, 1))]
    names = list(dict.fromkeys(name for row in rows for name in row["figures"]))
    titles = {name: title for row in rows for name, title in row["titles"].items()}
    lines = [
        [titles.get(name, name)]
        + [f"{row['figures'][name] * 100:.2f}" if name in row["figures"] else "–" for row in rows]
        for name in names
    ]
    tested = [row.get("difference") for row in rows]
    if any(tested):
        lines.append(["difference to 1", "", *(f"{d['value'] * 100:+.2f}" if d else "–" for d in tested[1:])])
        lines.append(["paired p", "", *(terminal.p_value(d["p"]) if d else "–" for d in tested[1:])])
    return headers, lines


def notes(rows: list[dict[str, Any]]) -> list[str]:
    return [
        f"run {number} scored other examples than run 1: no test between them"
        for number, row in enumerate(rows, 1)
        if row.get("same_examples") is False
    ]


def _correct(record: Record) -> tuple[int, np.ndarray] | None:
    """A hash of the examples and gold, and (right, all) labels of each example; None without predictions."""
    key, statistics = [], []
    for line in record.predictions():
        gold, said = line["gold"], line["adapted"]
        key.append(str((line["input"], gold)))
        if isinstance(gold, list):
            statistics.append((sum(g == s for g, s in zip(gold, said, strict=True)), len(gold)))
        else:
            statistics.append((int(gold == said), 1))
    return (hash(tuple(key)), np.array(statistics, dtype=np.float64)) if statistics else None
