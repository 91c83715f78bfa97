"""WB006: examples that are in both domains."""

from __future__ import annotations

from typing import ClassVar

from wb_diagnosis.intervals import graded, percent, percents, wilson
from wb_diagnosis.twins import Twins, twins
from workbench.data.checks import Check, Finding
from workbench.data.inputs import shortened
from workbench.data.pairs import Pair

ISSUE = 0.01
"""The share of the target from which on scores would be too good by something that matters."""

LENGTH = 90


class Duplicates(Check):
    """Looks for target examples that are, exactly or nearly, among the source's.

    Exactly: the same after case and space are set aside, over whole domains; nearly: of texts, half of all runs of five
    words in common, of images, thumbnails that correlate; in the samples.
    """

    code: ClassVar[str] = "WB006"
    title: ClassVar[str] = "duplicates across domains"

    def check(self, pair: Pair) -> Finding:
        duplicates = pair.computed(twins)
        share, interval = duplicates.share, wilson(duplicates.share * duplicates.n, duplicates.n)
        measured = f"{percent(share)} ({percents(interval)}) of {duplicates.n:,} target examples"
        if not duplicates.exact and not duplicates.near:
            return Finding(self.code, "passed", f"no duplicates across the domains: {measured}", share, interval)
        counts = (
            f"{duplicates.exact:,} exactly, {duplicates.near:,} nearly"
            if duplicates.looked_near
            else f"{duplicates.exact:,} exactly"
        )
        if share > 0.99:
            message = "the target is the source, or within it"
        else:
            message = f"the target repeats examples of the source ({counts})"
        advice = "Their labels leak: scores and estimates on the target come out too high. Remove them from the target."
        status = graded(share, 0, ISSUE)
        return Finding(
            self.code, status, f"{message}: {measured}", share, interval, advice, details=_details(pair, duplicates)
        )


def _details(pair: Pair, found: Twins) -> tuple[str, ...]:
    example = pair.problem.target.inputs[found.first]
    if isinstance(example, (list, tuple)):
        example = " ".join(map(str, example))
    if not isinstance(example, str):
        return (f"e.g. target example {found.first + 1:,}",)
    text = " ".join(shortened(example).split())
    return (f"e.g. “{text[:LENGTH]}{'…' if len(text) > LENGTH else ''}”",)
