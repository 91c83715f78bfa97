"""Everything that decides a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.running.target_labels import TargetLabels
from workbench.scoring.scales import FLOOR

ALL_SHOTS = 2**31
"""As many labelled target examples as there are."""


@dataclass(frozen=True)
class Specification:
    """Everything that decides a run: two equal specifications give equal scores on one machine."""

    method: str
    sources: tuple[str, ...]
    target: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    variant: str = ""
    seed: int = 0
    split: str = "test"
    shots: int = 0
    source_size: int | None = None
    upper_bound: bool = False
    unlabelled: str | None = None
    baseline: bool = True
    select: str = ""
    grid: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    allow_target_labels: bool = False
    target_labels: TargetLabels = "auto"
    class_shares: bool = False
    calibrate: bool = False
    """Whether a copy of the model is fitted without some of the source to calibrate the probabilities."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """The columns of tables given as paths: of ``text``, ``label`` and ``id``."""
    floor: float = FLOOR
    """The smallest difference of interest, a share: a verdict needs at least as much."""

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Specification:
        """The specification of a record: what was given, not what each default was then."""
        known = {name: value for name, value in values.items() if name in cls.__dataclass_fields__}
        grid = {name: tuple(several) for name, several in known.get("grid", {}).items()}
        given = values.get("given", known.get("settings", {}))
        return cls(**{**known, "sources": tuple(known["sources"]), "settings": given, "grid": grid})

    def as_dict(self) -> dict[str, Any]:
        values = {**vars(self), "sources": list(self.sources), "settings": dict(self.settings), "grid": dict(self.grid)}
        return {**values, "columns": dict(self.columns)}
