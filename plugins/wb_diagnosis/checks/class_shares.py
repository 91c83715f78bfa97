"""WB003: whether the classes' shares differ."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from wb_diagnosis.intervals import graded, percent, percents
from wb_diagnosis.share_change import share_change
from workbench.data.checks import Check, Finding, Measure
from workbench.data.pairs import Pair

SHOWN = 6
NOTE, ISSUE = 0.05, 0.2
"""How much of the target must surely lie in other classes for a note, for an issue."""


class ClassShares(Check):
    """Estimates the target's class shares by maximum likelihood from a light classifier's calibrated probabilities.

    The number is the total variation distance from the source's shares: how much of the target would have to change
    its class. Its 90 % interval, as those of the shares, rests on bootstrap samples, and on label shift: that the
    examples of a class are alike in both domains. Where the source with the target's shares is told apart from the
    target nearly as before, this is not so: the estimate is not believed, and says so.
    """

    code: ClassVar[str] = "WB003"
    title: ClassVar[str] = "class shares"

    def check(self, pair: Pair) -> Finding:
        change = pair.computed(share_change)
        before, after, interval = change.source, change.target, change.interval
        measured = f"{percent(change.distance, 0)} of the target ({percents(interval, 0)})"
        residual = Measure("AUC with the target's class shares", change.residual, change.residual_interval)
        measures = (Measure("explained part of the shift", change.explained), residual)
        status = graded(interval[0], NOTE, ISSUE)
        if status == "passed":
            message = f"no sure change of class shares: {measured} would have another class"
            return Finding(self.code, status, message, change.distance, interval, measures=measures)
        if not change.believed:
            doubt = f"shares explain only {percent(change.explained, 0)} of the shift"
            if not change.tested:
                doubt = "of tags it cannot be tested that shares explain the shift"
            message = f"nothing sure of class shares: by estimate {measured} would have another class, but {doubt}"
            advice = (
                "Every estimate of shares takes for granted that they explain it all: label a few, or look at them."
            )
            return Finding(self.code, "note", message, change.distance, interval, advice, measures=measures)
        order = np.argsort(-np.abs(after.value - before), kind="stable")[:SHOWN]
        details = "; ".join(
            f"{change.classes[i]} {100 * before[i]:.0f} → {100 * after.value[i]:.0f} % "
            f"({100 * after.low[i]:.0f}–{100 * after.high[i]:.0f})"
            for i in order
        )
        advice = "Alignment that ignores this brings the wrong classes together: correct the shares, then align."
        message = f"the class shares differ: {measured} would have another class"
        command = pair.command("label-shift")
        return Finding(self.code, status, message, change.distance, interval, advice, command, (details,), measures)
