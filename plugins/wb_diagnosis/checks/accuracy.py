"""WB009: the estimated accuracy of source-only on the target."""

from __future__ import annotations

from typing import ClassVar

from wb_diagnosis.intervals import graded, percent, percents
from wb_diagnosis.reference import estimated_accuracy
from workbench.data.checks import Check, Finding, Measure
from workbench.data.pairs import Pair

HIGH = 0.9
"""An accuracy that leaves little to gain."""

SMALL, DROP = 0.02, 0.1
"""A loss of accuracy from source to target that is a note, an issue."""


class SourceOnlyAccuracy(Check):
    """Fits the task's plain method on a part of the sample and asks the task's deciding estimator.

    The interval is the estimator's, of 90 %. Where there is little time it is a light classifier's mean confidence.
    """

    code: ClassVar[str] = "WB009"
    title: ClassVar[str] = "source-only on the target"

    def check(self, pair: Pair) -> Finding:
        estimated = pair.computed(estimated_accuracy)
        lost = estimated.held_out - estimated.value
        message = (
            f"{estimated.method} is right on about {percent(estimated.value, 0)} of the target "
            f"by {estimated.estimator} ({percents(estimated.interval, 0)}), "
            f"on {percent(estimated.held_out, 0)} of held-out source"
        )
        status = graded(lost if estimated.value < HIGH else 0.0, SMALL, DROP)
        advice = "An estimate without labels: it misses what changes inside classes (WB011)."
        command = pair.command(pair.task.reference)
        measures = (Measure("held-out source accuracy", estimated.held_out),)
        return Finding(self.code, status, message, estimated.value, estimated.interval, advice, command, (), measures)
