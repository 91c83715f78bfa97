"""WB010: families of methods that are advised, and advised against."""

from __future__ import annotations

from typing import ClassVar

from wb_diagnosis.advice import Advice, advise
from wb_diagnosis.measuring import measured
from workbench.data.checks import Check, Finding, Measure, NotApplicable
from workbench.data.pairs import Pair

ADVISED, AGAINST = 3, 0.0


class Families(Check):
    """Orders the families by rules on what the other checks measured (:mod:`wb_diagnosis.advice`)."""

    code: ClassVar[str] = "WB010"
    title: ClassVar[str] = "families of methods"

    def check(self, pair: Pair) -> Finding:
        given = [advice for advice in advise(pair.computed(measured)) if _installed(pair, advice)]
        if not given:
            raise NotApplicable(f"no family of methods is known for {pair.problem.task}")
        best = given[0]
        against = [advice for advice in given if advice.score < AGAINST]
        details = [f"advised: {_told(pair, advice)}" for advice in given[:ADVISED] if advice.score > AGAINST]
        details += [f"not: {_told(pair, advice)}" for advice in against]
        command = f"wb run {_installed(pair, best)[0]} {pair.options}"
        return Finding(
            self.code,
            "note",
            f"first try {best.family}",
            best.score,
            command=command,
            details=tuple(details),
            measures=tuple(Measure(advice.family, advice.score) for advice in given),
        )


def _installed(pair: Pair, advice: Advice) -> tuple[str, ...]:
    """The methods of a family that are there for the pair's task."""
    there = {name for e in pair.host.methods if e.task == pair.problem.task for name in (e.name, *e.aliases)}
    return tuple(name for name in advice.methods if name in there)


def _told(pair: Pair, advice: Advice) -> str:
    return f"{advice.family} ({', '.join(_installed(pair, advice))}): {advice.reason}"
