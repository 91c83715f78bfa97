"""The contract of a check of a pair of domains, made before anything is fitted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal

from workbench.data.domains import Problem
from workbench.plugins.loading import Host

Status = Literal["issue", "note", "passed", "not applicable"]
"""An issue will probably spoil adapting, a note is worth knowing, passed has nothing to say."""


@dataclass(frozen=True)
class Finding:
    """What a check found in a pair of domains."""

    code: str
    """Short and stable, so that a finding can be looked up and left out, e.g. ``"WB101"``."""
    status: Status
    message: str
    """One sentence: what was measured and what it means."""
    number: float | None = None
    """What was measured."""
    interval: tuple[float, float] | None = None
    """Its 95 % interval, where it has one."""
    advice: str = ""
    """What to do, one sentence."""


class Check(ABC):
    """Looks at a labelled source and an unlabelled target, and says one thing about them."""

    @abstractmethod
    def check(self, problem: Problem, host: Host) -> Finding:
        """The finding; where the pair has nothing to check, one that is *not applicable* and says why.

        All chance comes from ``problem.seed``; ``host`` serves for featurizers.
        """
