"""WB007: scale, resolution, encoding, language."""

from __future__ import annotations

from typing import ClassVar

from wb_diagnosis.form import oddities
from workbench.data.checks import Check, Finding, Status
from workbench.data.pairs import Pair


class Form(Check):
    """Compares what is no property of the examples' meaning.

    Of numbers the scale and missing values, of images size, range, colours and blur, of texts language, length,
    markup, damaged letters, addresses and case. The number is how many differ.
    """

    code: ClassVar[str] = "WB007"
    title: ClassVar[str] = "scale, resolution, encoding, language"

    def check(self, pair: Pair) -> Finding:
        differences = pair.computed(oddities)
        if not differences:
            return Finding(self.code, "passed", "scale and form of both domains are alike", 0.0)
        status: Status = "issue" if any(oddity.serious for oddity in differences) else "note"
        more = tuple(oddity.message for oddity in differences[1:])
        advice = "Bring both domains to one form before anything is fitted: no method needs to learn this."
        return Finding(self.code, status, differences[0].message, float(len(differences)), advice=advice, details=more)
