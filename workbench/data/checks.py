"""The contract of a check of a pair of domains, made before anything is fitted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

from workbench.data.pairs import Pair
from workbench.errors import WbError

Status = Literal["issue", "note", "passed", "not applicable"]
"""An issue will probably spoil adapting, a note is worth knowing, passed has nothing to say."""


class NotApplicable(WbError):
    """A pair has nothing that a check could look at; the message says why."""


@dataclass(frozen=True)
class Measure:
    """A measured number with its 95 % interval and its p, where it has them."""

    name: str
    value: float
    interval: tuple[float, float] | None = None
    p: float | None = None


@dataclass(frozen=True)
class Finding:
    """What a check found in a pair of domains."""

    code: str
    """That of the check, e.g. ``"WB001"``."""
    status: Status
    message: str
    """One sentence: what was measured and what it means."""
    number: float | None = None
    """What was measured."""
    interval: tuple[float, float] | None = None
    """Its 95 % interval, where it has one."""
    advice: str = ""
    """Why it matters and what to do, one sentence."""
    command: str = ""
    """The next command to type."""
    details: tuple[str, ...] = ()
    """Lines that show more of it, e.g. the words by which the domains differ."""
    measures: tuple[Measure, ...] = ()
    """Further numbers."""


class Check(ABC):
    """Looks at a labelled source and an unlabelled target, and says one thing about them."""

    code: ClassVar[str] = ""
    """Short and stable, so that a finding can be looked up and left out, e.g. ``"WB001"``."""

    title: ClassVar[str] = ""
    """What it looks at, in a few words."""

    fast: ClassVar[bool] = True
    """Whether it is made when there is little time; one that is not is left out then."""

    @abstractmethod
    def check(self, pair: Pair) -> Finding:
        """The finding of a pair; raises :class:`NotApplicable` where there is nothing to look at.

        All chance comes from ``pair.seed``. What other checks need as well is computed once by ``pair.computed``.
        """
