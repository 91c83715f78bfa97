"""What losses want over a pretrained body where the small network's defaults are others; all else is the same.

The small network's were chosen with it (``docs/deep.md``). Over pretrained bodies none was tuned: a loss has a tenth of
the cross-entropy's weight and is the plain one of its paper where that needs no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PLAIN = {"steepness": 0.0, "shares": 0.0}
"""No ramp, and all source examples count the same."""

DISCRIMINATOR = {"weight": 0.1, "discriminator_rate": 1e-3}

DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "ddc": {"weight": 0.1, **PLAIN, "bandwidth": 1.0},
    "deep-coral": {"weight": 1.0, **PLAIN, "layers": "features"},
    "dan": {"weight": 0.1, **PLAIN, "layers": "features", "temperature": 1.0},
    "jan": {"weight": 0.1},
    "dsan": {"weight": 0.1},
    "dann": DISCRIMINATOR,
    "cdan": DISCRIMINATOR,
    "daan": DISCRIMINATOR,
    "mcc": {"weight": 0.1, "memory": 0.0},
    "bnm": {"weight": 0.1, "steepness": 0.0, "temperature": 1.0},
    "im": {"weight": 0.1},
}
"""By method: the settings that differ, over words, texts and images alike."""
