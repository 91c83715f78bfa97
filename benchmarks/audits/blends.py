"""The consensus over the bank: learnt weights, and what it says of runs by weights that their group did not choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from blending import drop_blend, gain_blend
from replaying import evidence_of
from rows import Row, compared, weighty

from wb_selection.estimators.audited import Blend
from wb_selection.estimators.consensus import blended_value, told
from wb_selection.estimators.evidence import Evidence
from wb_selection.estimators.gains import difference_of, votes
from workbench.choosing.estimators import CannotTell
from workbench.scoring.comparing import Difference, Estimate

GRADED, PLAIN = ("atc", "cot", "label-shift"), ("head", "head-atc")
"""Members for models with probabilities, and for those without."""


@dataclass(frozen=True, eq=False)
class Blends:
    """What the consensus weighs by; the fields are those of the packaged file."""

    graded: Blend
    plain: Blend
    graded_difference: Blend
    plain_difference: Blend


@lru_cache(maxsize=64)
def evidence(row: Row) -> Evidence:
    return evidence_of(row.run.arrays())


def knows(row: Row) -> bool:
    """Whether the consensus has something to look at."""
    return all(name in row.told for name in members_of(row))


def members_of(row: Row) -> tuple[str, ...]:
    return GRADED if row.graded else PLAIN


def value_of(row: Row, blends: Blends) -> float:
    """The blended accuracy."""
    blend = blends.graded if row.graded else blends.plain
    return blended_value(row.held_out, {name: row.told[name].value for name in members_of(row)}, blend)


def estimate(row: Row, blends: Blends) -> Estimate | None:
    """The consensus; None where it cannot tell."""
    if not knows(row):
        return None
    sampling = max(row.told[name].error for name in members_of(row))
    try:
        return told(value_of(row, blends), sampling, row.chance, blends.graded if row.graded else blends.plain)
    except CannotTell:
        return None


def difference(before: Row, after: Row, blends: Blends) -> Difference | None:
    """The consensus' difference of two runs of one pair; None where it cannot tell."""
    if not (knows(before) and knows(after)):
        return None
    both = before.graded and after.graded
    blend = blends.graded_difference if both else blends.plain_difference
    return difference_of(evidence(before), evidence(after), _signals(before, after, blends), blend)


def _signals(before: Row, after: Row, blends: Blends) -> dict[str, float]:
    """What the blend of a difference weighs."""
    if before.graded and after.graded:
        costs = {"cot": after.told["cot"].value - before.told["cot"].value}
        return {**costs, **votes(evidence(before), evidence(after))}
    return {"consensus": value_of(after, blends) - value_of(before, blends)}


def learn(rows: Sequence[Row]) -> Blends:
    """All blends from these rows."""
    known = weighty([row for row in rows if knows(row)])
    graded, plain = (_accuracies([row for row in known if row.graded is kind]) for kind in (True, False))
    start = Blends(graded, plain, graded, plain)  # the differences' own are not looked at before they are learnt
    pairs = compared(known)
    both = [pair for pair in pairs if pair[0].graded and pair[1].graded]
    others = [pair for pair in pairs if not (pair[0].graded and pair[1].graded)]
    return Blends(graded, plain, _gains(both, start), _gains(others, start))


def _accuracies(rows: Sequence[Row]) -> Blend:
    members = {name: np.array([row.told[name].value for row in rows]) for name in members_of(rows[0])}
    held_out, truths = (np.array([getattr(row, name) for row in rows]) for name in ("held_out", "truth"))
    return drop_blend(held_out, members, truths, [row.group for row in rows])


def _gains(pairs: Sequence[tuple[Row, Row]], blends: Blends) -> Blend:
    signals = [_signals(before, after, blends) for before, after in pairs]
    differing = [np.mean(evidence(a).target_predicted != evidence(b).target_predicted) for a, b in pairs]
    columns = {name: np.array([each[name] for each in signals]) for name in signals[0]}
    truths = np.array([after.truth - before.truth for before, after in pairs])
    return gain_blend(columns, np.array(differing), truths, [after.group for _, after in pairs])


def left_out(rows: Sequence[Row]) -> dict[str, Blends]:
    """For each group the blends that the other groups give."""
    return {group: learn([row for row in rows if row.group != group]) for group in {row.group for row in rows}}
