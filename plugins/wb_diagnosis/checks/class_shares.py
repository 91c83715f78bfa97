"""WB003: whether the classes' shares differ."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from wb_diagnosis.discrimination import HARDLY, discrimination
from wb_diagnosis.intervals import graded, percent
from wb_diagnosis.share_change import share_change
from workbench.data.checks import Check, Finding, NotApplicable
from workbench.data.pairs import Pair

SHOWN = 6
NOTE, ISSUE = 0.05, 0.2
"""How much of the target must surely lie in other classes for a note, for an issue."""


class ClassShares(Check):
    """Estimates the target's class shares by maximum likelihood from a light classifier's calibrated probabilities.

    The number is the total variation distance from the source's shares: how much of the target would have to change
    its class. Its 90 % interval, as those of the shares, rests on bootstrap samples, and on label shift: that examples
    of a class are alike in both domains, which domains that hardly overlap surely break.
    """

    code: ClassVar[str] = "WB003"
    title: ClassVar[str] = "class shares"

    def check(self, pair: Pair) -> Finding:
        change = pair.computed(share_change)
        before, after, interval = change.source, change.target, change.interval
        order = np.argsort(-np.abs(after.value - before), kind="stable")[:SHOWN]
        details = "; ".join(
            f"{change.classes[i]} {100 * before[i]:.0f} → {100 * after.value[i]:.0f} % "
            f"({100 * after.low[i]:.0f}–{100 * after.high[i]:.0f})"
            for i in order
        )
        measured = (
            f"about {percent(change.distance, 0)} of the target ({100 * interval[0]:.0f}–{100 * interval[1]:.0f}) "
            "would have another class"
        )
        status = graded(interval[0], NOTE, ISSUE)
        unsure = self._hardly_overlap(pair)
        if status == "issue" and unsure:
            status = "note"
        message = "the class shares differ" if status != "passed" else "no sure change of class shares"
        advice = "Alignment that ignores this brings the wrong classes together: correct the shares, then align."
        if unsure:
            advice = "Little sure: the domains hardly overlap, and then the estimate's assumption fails."
        command = pair.command("label-shift") if status != "passed" and not unsure else ""
        return Finding(
            self.code, status, f"{message}: {measured}", change.distance, interval, advice, command, (details,)
        )

    def _hardly_overlap(self, pair: Pair) -> bool:
        try:
            return pair.computed(discrimination).auc >= HARDLY
        except NotApplicable:
            return False
