"""What a fit will take here: what it took where it was measured, scaled by the examples and by this machine."""

from __future__ import annotations

import math

from wb_diagnosis.automatic.portfolio import Entry

CAUTION = 1.5
"""What a prediction is multiplied by before it is believed: records of other data are off by about as much."""


class Pace:
    """Predicts seconds, and learns from each fit how this machine and these examples compare with the records.

    Parameters
    ----------
    examples : int
        Of both domains.
    fits : int
        How many times a method is fitted to be judged.
    """

    def __init__(self, examples: int, fits: int) -> None:
        self.examples, self.fits = examples, fits
        self._ratios: list[float] = []

    @property
    def ratio(self) -> float:
        """Seconds here for a second there: the geometric mean of the fits so far, 1 before the first."""
        if not self._ratios:
            return 1.0
        return math.exp(sum(map(math.log, self._ratios)) / len(self._ratios))

    def judging(self, entry: Entry, prepared: bool) -> float:
        """Seconds to prepare the features, to fit, and to judge."""
        fits = self.fits * entry.fit_seconds(self.examples)
        return CAUTION * self.ratio * (fits + (0.0 if prepared else self._preparing(entry)))

    def refitting(self, entry: Entry) -> float:
        """Seconds to fit once more, to the whole source."""
        return CAUTION * self.ratio * entry.fit_seconds(self.examples)

    def learn(self, entry: Entry, seconds: float) -> None:
        """A fit with its judging took so many seconds, features at hand."""
        self._ratios.append(max(seconds, 1e-3) / max(self.fits * entry.fit_seconds(self.examples), 1e-3))

    def _preparing(self, entry: Entry) -> float:
        return entry.preparing * self.examples / 1000
