"""The growth of a loss's weight over a training."""

from __future__ import annotations

import math


def ramp(progress: float, steepness: float = 10.0) -> float:
    """2 / (1 + exp(−steepness · p)) − 1: from 0 to 1 over the training (Ganin et al. 2016, § 5.2.2).

    With a ``steepness`` of 0 there is no ramp: 1 throughout.
    """
    if not steepness:
        return 1.0
    return 2.0 / (1.0 + math.exp(-steepness * progress)) - 1.0
