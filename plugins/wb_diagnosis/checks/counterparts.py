"""WB004: classes of the source that the target lacks, and target examples of no class of the source."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from wb_diagnosis.components import Components, components
from wb_diagnosis.discrimination import HARDLY, discrimination
from wb_diagnosis.intervals import percent, percents, wilson
from wb_diagnosis.share_change import share_change
from workbench.data.checks import Check, Finding, NotApplicable
from workbench.data.pairs import Pair

ABSENT = 0.25
"""A class seems absent where even the upper end of its share is below this part of the source's share."""

EXPECTED, STRANGE = 0.05, 0.15
"""The share of source examples that count as far from the others, and the sure share in the target from which on it is
told."""

NEIGHBOURS = 5


class Counterparts(Check):
    """Looks for classes with an estimated share near zero, and for target examples far from every source example.

    An example is far where its fifth nearest source example, in 32 principal components, is farther than for 95 % of
    the source examples themselves. A covariate shift makes examples far, too: this is a hint, and says so.
    """

    code: ClassVar[str] = "WB004"
    title: ClassVar[str] = "classes without counterpart"

    def check(self, pair: Pair) -> Finding:
        change = pair.computed(share_change)
        highest = change.target.high / np.maximum(change.source, 1e-12)
        absent = [n for n, ratio in zip(change.classes, highest, strict=True) if ratio < ABSENT and change.believed]
        if pair.computed(discrimination).auc >= HARDLY:
            if not absent:
                raise NotApplicable("where the domains hardly overlap no label-free test sees unknown classes")
            far, interval, unknown = 0.0, (0.0, 0.0), False
        else:
            far, interval = strangers(pair.computed(components))
            unknown = interval[0] > STRANGE
        if not absent and not unknown:
            message = f"no sign of unmatched classes: {percent(far)} of the target is far from the source"
            return Finding(
                self.code,
                "passed",
                f"{message} ({percents(interval)}; {percent(EXPECTED, 0)} by chance)",
                far,
                interval,
            )
        parts = []
        if absent:
            named = ", ".join(absent[:8]) + (" …" if len(absent) > 8 else "")
            parts.append(f"the target seems to lack {len(absent)} of {len(change.classes)} classes: {named}")
        if unknown:
            parts.append(
                f"{percent(far, 0)} of the target ({percents(interval, 0)}) is far from every source example: other "
                "classes, or the shift"
            )
        advice = "Unlabelled data cannot prove it: look at a few. Alignment of whole domains forces a false match."
        return Finding(self.code, "note", "; ".join(parts), far, interval, advice)


def strangers(points: Components) -> tuple[float, tuple[float, float]]:
    """The share of target examples that are far from the source, and its 95 % interval."""
    source = _squares(points.source, points.source)
    np.fill_diagonal(source, np.inf)
    k = min(NEIGHBOURS, len(points.source) - 1) - 1
    limit = np.quantile(np.partition(source, k, axis=1)[:, k], 1 - EXPECTED)
    target = np.partition(_squares(points.target, points.source), k, axis=1)[:, k]
    far = int(np.sum(target > limit))
    return far / len(target), wilson(far, len(target))


def _squares(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.asarray((first**2).sum(axis=1)[:, None] + (second**2).sum(axis=1) - 2 * first @ second.T)
