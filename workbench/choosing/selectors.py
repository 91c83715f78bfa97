"""The contract of a selector: it scores candidates without target labels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from workbench.choosing.candidates import Candidate

ORACLE = "oracle"
"""The one way to select that looks at the target's labels: an upper bound, never a default."""


class Selector(ABC):
    """Scores candidates; the highest score wins."""

    needs_held_out: ClassVar[bool] = False
    """Whether a part of the labelled source must be kept from the fits."""

    @abstractmethod
    def score(self, candidate: Candidate) -> float:
        """Higher is better."""
