"""Whether a run scores by the target's labels."""

from __future__ import annotations

from typing import Literal, get_args

TargetLabels = Literal["auto", "none", "required"]
"""Where there are any; never; or there must be some, else the run fails before any fit."""

TARGET_LABELS: tuple[TargetLabels, ...] = get_args(TargetLabels)
