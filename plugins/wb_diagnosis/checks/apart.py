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
        separation = pair.computed(discrimination)
        chance = f"{separation.chance.min():.2f}–{separation.chance.max():.2f}"
        measured = (
            f"AUC {separation.auc:.3f} ({separation.interval[0]:.3f}–{separation.interval[1]:.3f}), chance {chance}"
        )
        measures: tuple[Measure, ...] = (
            Measure("proxy A-distance", separation.distance, separation.distance_interval),
        )
        if not pair.fast:
            measures += pair.computed(distances)
        status: Status = "note"
        message, command = "the domains differ and overlap", ""
        advice = "There is something to adapt to, and there are examples in common to hold on to."
        if not separation.told_apart:
            status, message, command = "passed", "the domains are not told apart", pair.command(pair.task.reference)
            advice = "There is little to adapt to: expect source-only to do as well."
        elif separation.auc >= HARDLY:
            never = separation.auc >= NEVER
            status = "issue" if never else "note"
            message = "the domains are always told apart" if never else "the domains hardly overlap"
            advice = (
                "Importance weights cannot help. Take away what says nothing about the classes (WB002, WB007), then "
                "align features."
            )
        message = f"{message}: {measured}"
        return Finding(self.code, status, message, separation.auc, separation.interval, advice, command, (), measures)
