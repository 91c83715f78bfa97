"""WB002: by which features, words or image statistics the domains differ."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from wb_diagnosis.contrast import Contrast, mean_contrast, word_contrast
from wb_diagnosis.features import features, kind, occurrences
from wb_diagnosis.image_statistics import NAMES, image_statistics
from wb_diagnosis.intervals import percent, percents, wilson
from workbench.data.checks import Check, Finding
from workbench.data.pairs import Pair

SHOWN = 12
"""Words of either side that are shown."""


class Differences(Check):
    """Counts the features whose z-score is beyond what chance would give any of them (Bonferroni, 5 %).

    Words: log-odds with a prior (Monroe et al., 2008); numbers: the difference of means in standard deviations.
    """

    code: ClassVar[str] = "WB002"
    title: ClassVar[str] = "what they differ by"

    def check(self, pair: Pair) -> Finding:
        contrast = pair.computed(contrasted)
        differing, many = contrast.differing, len(contrast.z)
        share = len(differing) / max(1, many)
        interval = wilson(len(differing), max(1, many))
        measured = f"{len(differing):,} of {many:,} {contrast.what}, {percent(share)} ({percents(interval)})"
        if not len(differing):
            return Finding(self.code, "passed", f"no difference beyond chance: {measured}", share, interval)
        details = tuple(
            f"{name} has more: {_shown(contrast, differing[contrast.z[differing] * sign > 0])}"
            for name, sign in (("target", 1), ("source", -1))
            if np.any(contrast.z[differing] * sign > 0)
        )
        advice = (
            "What says nothing about the classes, e.g. names, markup or size, is better taken away than adapted to."
        )
        return Finding(self.code, "note", f"the domains differ in {measured}", share, interval, advice, details=details)


def contrasted(pair: Pair) -> Contrast:
    """How much each word, image statistic or feature differs between the samples."""
    name = pair.computed(kind)
    if name in ("texts", "sentences"):
        return word_contrast(pair.computed(occurrences))
    if name == "images":
        return mean_contrast(*pair.computed(image_statistics), NAMES, "image statistics")
    light = pair.computed(features)
    source, target = (np.asarray(m.todense()) if hasattr(m, "tocsr") else m for m in (light.source, light.target))
    return mean_contrast(source, target, light.names, "features")


def _shown(contrast: Contrast, chosen: np.ndarray) -> str:
    """The first few, with how many standard deviations they differ where they are numbers."""
    most = SHOWN if contrast.what == "words" else SHOWN // 3
    if contrast.what == "words":
        return " ".join(contrast.names[i] for i in chosen[:most])
    return ", ".join(f"{contrast.names[i]} (by {abs(contrast.size[i]):.1f} sd)" for i in chosen[:most])
