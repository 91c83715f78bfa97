"""Audit the estimators over the bank: errors, coverage, signs; write what the consensus loads and the page's tables.

    python benchmarks/audits/estimates.py [--bank FOLDER]

NannyML's own figures are taken in where ``nannyml_cbpe.py`` has written them. Two or three minutes for 400 runs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import blends
import learning
import markdown
import numpy as np
from bank import BANK
from blends import Blends
from judged import Figures, Judged, figures, group_weights, signs
from rows import Row, compared, rows_of, weighty

from wb_selection.estimators import audited
from workbench.files import write_atomically
from workbench.plugins.loading import load

CONSUMED = Path(audited.__file__).with_name(audited.FILE)
CONSENSUS, NANNYML = "**consensus**", "NannyML's CBPE (package)"
FLOOR = 0.01
"""A gain of less than a point has no sign worth knowing."""

SHIFTED, SKILLED = 0.15, 0.3
"""Class shares that moved by more (total variation); accuracy this share of the way from chance to all right."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Audit the estimators of accuracy.")
    parser.add_argument("--bank", type=Path, default=BANK, help="The folder of the bank.")
    chosen = parser.parse_args()
    host = load()
    rows = rows_of(chosen.bank, host)
    learnt = blends.left_out(rows)
    consensus = [each for row in rows if (each := of_consensus(row, learnt[row.group])) is not None]
    gains = [each for pair in compared(rows) if (each := of_gain(*pair, learnt[pair[1].group])) is not None]
    registered = set(host.estimators.names())
    write_atomically(CONSUMED, json.dumps(constants(rows, consensus, registered), indent=1) + "\n")
    text = report(rows, consensus, gains)
    markdown.write(markdown.DOCS / "estimates.md", "estimates", text)
    print(text)


def of_consensus(row: Row, weights: Blends) -> Judged | None:
    """What the consensus says of a run, beside the truth; None where it cannot tell."""
    told = blends.estimate(row, weights)
    return None if told is None else Judged(row.group, row.pair, row.name, told.value, told.low, told.high, row.truth)


def of_gain(before: Row, after: Row, weights: Blends) -> Judged | None:
    """What the consensus says of a run's gain over its baseline."""
    told = blends.difference(before, after, weights)
    gain = after.truth - before.truth
    return None if told is None else Judged(after.group, after.pair, after.name, told.value, told.low, told.high, gain)


def of_nannyml(rows: Sequence[Row]) -> list[Judged]:
    """The package's estimates with the intervals that it gives."""
    return [
        Judged(row.group, row.pair, row.name, row.nannyml.value, row.nannyml.low, row.nannyml.high, row.truth)
        for row in rows
        if row.nannyml is not None
    ]


def constants(rows: Sequence[Row], consensus: Sequence[Judged], registered: set[str]) -> dict[str, object]:
    """What is packaged: errors of every estimator and blends of the consensus by all rows, and what the audit found."""
    names = sorted({name for row in rows for name in row.told} & registered)
    errors = {name: learning.errors_of_estimator([row for row in rows if name in row.told], name) for name in names}
    return {
        "estimators": {name: _pair(each.low, each.high) for name, each in errors.items()},
        "consensus": {name: _blend(blend) for name, blend in asdict(blends.learn(rows)).items()},
        "support": support(consensus),
    }


def support(consensus: Sequence[Judged]) -> str:
    """The sentence of a run without labels: how right such estimates were."""
    pairs = len({each.pair for each in consensus})
    return f"such estimates were within {100 * within(consensus):.0f} points on 9 of 10 of {pairs} audited pairs"


def within(judged: Sequence[Judged], level: float = 0.9) -> float:
    """The mean error that so many of the pairs stay below, whatever their group."""
    pairs = {each.pair for each in judged}
    means = [float(np.mean([abs(each.error) for each in judged if each.pair == pair])) for pair in pairs]
    return float(np.quantile(means, level, method="higher"))


def report(rows: Sequence[Row], consensus: Sequence[Judged], gains: Sequence[Judged]) -> str:
    methods = {(row.about.method, row.about.variant) for row in rows}
    pairs = {row.pair for row in rows}
    opening = (
        f"{len(rows)} runs of {len(methods)} methods on {len(pairs)} pairs. Errors, bias and widths are points of "
        "accuracy; every group of collections with four pairs or more counts the same, and weights and intervals are "
        "those that the *other* groups give."
    )
    large = weighty(rows)
    names = {row.name for row in large}
    of_large = [each for each in consensus if each.run in names]
    parts = [
        _estimators(large, of_large),
        _groups(rows, consensus),
        _gains(large, [g for g in gains if g.run in names]),
    ]
    return "\n\n".join([opening, *parts, _failures(large, of_large)])


def _estimators(rows: Sequence[Row], consensus: Sequence[Judged]) -> str:
    """Every estimator on the runs that the consensus and NannyML can both tell of."""
    judged = {CONSENSUS: list(consensus), NANNYML: of_nannyml(rows)}
    judged |= {name: learning.judged_alone(rows, name) for name in sorted({n for row in rows for n in row.told})}
    common = {each.run for each in consensus} & ({each.run for each in judged[NANNYML]} or {row.name for row in rows})
    heads = ["estimator", "tells of", "mean error", "bias", "coverage of 90 %", "width"]
    lines = []
    for name, each in judged.items():
        if each and not name.startswith("head"):
            mean = balanced([one for one in each if one.run in common], len(common))
            lines.append([name, markdown.percent(len(each) / len(rows)), *_figures(mean)])
    note = f"On the {len(common)} runs of models with probabilities of which all can tell (*tells of*: of all runs):"
    order = sorted(lines, key=lambda line: float(line[2] or "nan"))
    return f"{note}\n\n{markdown.table(heads, order)}"


def balanced(judged: Sequence[Judged], runs: int) -> Figures:
    """The figures in which every group counts the same."""
    if not judged:
        return figures([], runs)
    weights = group_weights([each.group for each in judged])
    errors = np.array([each.error for each in judged])
    return Figures(
        runs=runs,
        told=len(judged) / runs,
        error=float(weights @ np.abs(errors)),
        bias=float(weights @ errors),
        coverage=float(weights @ np.array([each.covered for each in judged])),
        width=float(weights @ np.array([each.high - each.low for each in judged])),
    )


def _figures(found: Figures) -> list[str]:
    return [
        markdown.points(found.error),
        markdown.points(found.bias, sign=True),
        markdown.percent(found.coverage),
        markdown.points(found.width),
    ]


def _groups(rows: Sequence[Row], consensus: Sequence[Judged]) -> str:
    """The consensus, the naive bound and NannyML by group."""
    naive = learning.judged_alone(rows, "held-out")
    package = of_nannyml(rows)
    heads = ["left out", "runs", "truth", "tells of", "mean error", "bias", "coverage of 90 %", "width",
             "error of held-out", "of NannyML"]  # fmt: skip
    lines = []
    for group in sorted({row.group for row in rows}):
        own = [row for row in rows if row.group == group]
        found = figures([each for each in consensus if each.group == group], len(own))
        others = [figures([each for each in judged if each.group == group], len(own)) for judged in (naive, package)]
        truth = markdown.points(float(np.mean([row.truth for row in own])))
        errors = [markdown.points(each.error) for each in others]
        lines.append([group, str(len(own)), truth, markdown.percent(found.told), *_figures(found), *errors])
    return f"The consensus by group of collections, by all runs:\n\n{markdown.table(heads, lines)}"


def _gains(rows: Sequence[Row], gains: Sequence[Judged]) -> str:
    """How often the sign of the gain adapted − baseline is right."""
    pairs = compared(rows)
    alone: dict[str, list[Judged]] = {}
    for name in ("held-out", "cot", "doc", "atc", "cbpe"):
        alone[name] = [
            Judged(after.group, after.pair, after.name, value, value, value, after.truth - before.truth)
            for before, after in pairs
            if name in before.told and name in after.told
            for value in [after.told[name].value - before.told[name].value]
        ]
    heads = [
        "difference by",
        "comparisons",
        "mean error",
        "coverage of 90 %",
        "sign right",
        "decided",
        "right where decided",
    ]
    lines = []
    for name, judged in {CONSENSUS: list(gains), **alone}.items():
        found, told = balanced(judged, len(pairs)), signs(judged, FLOOR)
        decided = [markdown.percent(told.decided), markdown.percent(told.right_where_decided)]
        if name != CONSENSUS:
            decided = ["", ""]
        coverage = markdown.percent(found.coverage) if name == CONSENSUS else ""
        lines.append(
            [name, str(told.pairs), markdown.points(found.error), coverage, markdown.percent(told.right), *decided]
        )
    note = (
        f"The gain over the baseline, of {len(gains)} comparisons; signs of those whose true gain is a point or more. "
        "*Decided*: the interval leaves zero out; of all others it says that it cannot tell."
    )
    return f"{note}\n\n{markdown.table(heads, lines)}"


def _failures(rows: Sequence[Row], consensus: Sequence[Judged]) -> str:
    """Where it is worse: by what is known of the pair and the model afterwards."""
    by_name = {each.run: each for each in consensus}
    conditions: Mapping[str, Callable[[Row], bool]] = {
        "class shares moved by more than .15": lambda row: row.moved > SHIFTED,
        "class shares as in the source": lambda row: row.moved <= SHIFTED,
        "target near chance (less than 30 % of the way from chance to all right)": lambda row: _skill(row) < SKILLED,
        "target further from chance": lambda row: _skill(row) >= SKILLED,
        "models without probabilities": lambda row: not row.graded,
    }
    heads = ["where", "runs", "tells of", "mean error", "bias", "coverage of 90 %", "width"]
    lines = []
    for name, holds in conditions.items():
        own = [row for row in rows if holds(row)]
        told = [by_name[row.name] for row in own if row.name in by_name]
        if own:
            found = figures(told, len(own))
            lines.append([name, str(len(own)), markdown.percent(found.told), *_figures(found)])
    return f"Where it fails, of the consensus by all runs:\n\n{markdown.table(heads, lines)}"


def _skill(row: Row) -> float:
    """Share of the way from always saying the commonest class of the source to all right."""
    return (row.truth - row.chance) / (1 - row.chance) if row.chance < 1 else 0.0


def _blend(blend: dict[str, dict[str, float]]) -> dict[str, object]:
    weights = {name: round(weight, 4) for name, weight in blend["weights"].items()}
    return {"weights": weights, "errors": _pair(blend["errors"]["low"], blend["errors"]["high"])}


def _pair(low: float, high: float) -> list[float]:
    return [round(low, 4), round(high, 4)]


if __name__ == "__main__":
    main()
