"""WB011: what unlabelled data cannot show."""

from __future__ import annotations

import math
from typing import ClassVar

from workbench.data.checks import Check, Finding
from workbench.data.pairs import Pair

HALF = 0.05
"""Half the width of the interval that so many labels would give."""


class ConditionalShift(Check):
    """Says that a change of what the labels mean cannot be seen, and how many labels would show it.

    So many that the 95 % interval of an accuracy of .8 reaches 5 points to either side.
    """

    code: ClassVar[str] = "WB011"
    title: ClassVar[str] = "what cannot be seen"

    def check(self, pair: Pair) -> Finding:
        needed = math.ceil(0.8 * 0.2 * (1.96 / HALF) ** 2)
        message = (
            "unlabelled data cannot show whether inputs mean the same labels in both domains; all above assumes it"
        )
        advice = f"{needed} labelled target {pair.task.unit} would tell an accuracy to ± {100 * HALF:.0f} points."
        return Finding(self.code, "note", message, float(needed), advice=advice)
