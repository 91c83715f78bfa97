"""WB008: too few examples to see a gain."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from wb_diagnosis.intervals import graded
from workbench.data.checks import Check, Finding
from workbench.data.pairs import Pair

DISAGREEMENT = 0.15
"""Share of examples on which one of two models alone is right: what adapted models and source-only usually have."""

NOTE, ISSUE = 0.03, 0.06
"""The smallest visible difference of accuracy from which on it is a note, an issue."""

FEW = 10
"""Labelled source examples of a class below which it is told."""

TESTED = 1.96 + 0.84
"""Standard errors of a difference that is found at the 5 % level in 80 of 100 cases."""


class Power(Check):
    """Computes the smallest difference between two models that so many target examples show in 80 of 100 cases.

    For McNemar's test where one model alone is right on 15 % of the examples. Few source examples of a class are told.
    """

    code: ClassVar[str] = "WB008"
    title: ClassVar[str] = "enough examples"

    def check(self, pair: Pair) -> Finding:
        if pair.task.label_kind == "real":
            visible, unit = TESTED / math.sqrt(len(pair.problem.target)), "standard deviations of the errors"
            message = f"{len(pair.problem.target):,} target examples show differences of {visible:.2f} {unit}"
            return Finding(self.code, "note" if visible > 0.3 else "passed", message, visible)
        n = len(pair.problem.target)
        visible = TESTED * math.sqrt(DISAGREEMENT / max(1, n))
        message = f"{n:,} target {pair.task.unit} show differences of ± {100 * visible:.1f} points"
        status = graded(visible, NOTE, ISSUE)
        needed = math.ceil(DISAGREEMENT * (TESTED / 0.02) ** 2)
        advice = f"Smaller gains look like chance; ± 2 points need about {needed:,}: add seeds, pairs or data."
        details: tuple[str, ...] = ()
        if pair.task.label_kind == "classes":
            counts = np.bincount(np.asarray(pair.problem.source.labels), minlength=len(pair.source.classes))
            few = [(name, count) for name, count in zip(pair.problem.classes, counts, strict=True) if count < FEW]
            if few:
                status = "note" if status == "passed" else status
                shown = ", ".join(f"{name} ({count})" for name, count in few[:8])
                details = (f"classes of the source with fewer than {FEW} examples: {shown}{' …' * (len(few) > 8)}",)
        return Finding(self.code, status, message, visible, advice=advice, details=details)
