"""WB001: how well the domains are told apart."""

from __future__ import annotations

from typing import ClassVar

from wb_diagnosis.discrimination import HARDLY, NEVER, discrimination
from wb_diagnosis.distances import distances
from workbench.data.checks import Check, Finding, Measure, Status
from workbench.data.pairs import Pair


class DomainsApart(Check):
    """Measures the AUC of a held-out linear classifier of the domains against that of permuted domains.

    The proxy A-distance comes from the same classifier; squared MMD and CORAL distance are left out where there is
    little time.
    """

    code: ClassVar[str] = "WB001"
    title: ClassVar[str] = "domains told apart"

    def check(self, pair: Pair) -> Finding:
        told = pair.computed(discrimination)
        chance = f"{told.chance.min():.2f}–{told.chance.max():.2f}"
        measured = f"AUC {told.auc:.3f} ({told.interval[0]:.3f}–{told.interval[1]:.3f}), chance {chance}"
        measures: tuple[Measure, ...] = (Measure("proxy A-distance", told.distance, told.distance_interval),)
        if not pair.fast:
            measures += pair.computed(distances)
        status: Status = "note"
        message, command = "the domains differ and overlap", ""
        advice = "There is something to adapt to, and there are examples in common to hold on to."
        if not told.told_apart:
            status, message, command = "passed", "the domains are not told apart", pair.command(pair.task.reference)
            advice = "There is little to adapt to: expect source-only to do as well."
        elif told.auc >= HARDLY:
            never = told.auc >= NEVER
            status = "issue" if never else "note"
            message = "the domains are always told apart" if never else "the domains hardly overlap"
            advice = (
                "Importance weights cannot help. Take away what says nothing about the classes (WB002, WB007), then "
                "align features."
            )
        message = f"{message}: {measured}"
        return Finding(self.code, status, message, told.auc, told.interval, advice, command, (), measures)
