"""The portfolio: for each situation what to try, in order of priority, with what it cost where it was measured.

It is data, ``portfolio.toml`` beside this module: audited runs write it, and a person can read it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from wb_diagnosis.automatic.guard import Guard
from wb_diagnosis.automatic.situations import Situation
from workbench.errors import UsageError
from workbench.settings import Settings

SHIPPED = Path(__file__).with_name("portfolio.toml")


class Entry(Settings):
    """A method with its settings, and what a fit of it took where it was measured."""

    method: str = Field(description="The method's registered name.")
    settings: Mapping[str, Any] = Field(default_factory=dict, description="Those that differ from its defaults.")
    seconds: float = Field(gt=0, description="Of the fit, features at hand, on one thread.")
    examples: int = Field(ge=1, description="Examples of both domains that it took them for; of sequences tokens.")
    growth: float = Field(1.0, ge=0, le=4, description="The seconds grow with this power of the examples.")
    usual: float = Field(0.0, ge=-1, le=1, description="Mean gain over the reference where labels could tell, a share.")
    preparing: float = Field(0.0, ge=0, description="Seconds that its features take for 1,000 examples.")

    @property
    def title(self) -> str:
        """The method and its settings: what tells one entry from another."""
        given = ", ".join(f"{name}={value}" for name, value in self.settings.items())
        return f"{self.method} ({given})" if given else self.method

    def fit_seconds(self, examples: int) -> float:
        """What a fit to so many examples would have taken where it was measured."""
        return float(self.seconds * (examples / self.examples) ** self.growth)


class Plan(Settings):
    """What to try in one situation: the plain references, the best first, then everything else by priority."""

    situation: Situation
    references: tuple[Entry, ...] = Field(min_length=1, description="The first that can end in time is taken.")
    entries: tuple[Entry, ...] = ()


class Portfolio(Settings):
    """The plans of all situations, and the rule that chooses among what was fitted."""

    origin: str = Field(description="How it came about: written by hand, or learnt from which runs.")
    guard: Guard = Field(default_factory=Guard)
    plans: tuple[Plan, ...]

    def plan(self, situation: Situation) -> Plan:
        """The plan of a situation. Raises :class:`UsageError` where there is none."""
        fitting = next((plan for plan in self.plans if plan.situation == situation), None)
        if fitting is None:
            raise UsageError(f"there is nothing to try by itself for {situation}; see 'wb methods' and 'wb run'")
        return fitting


def load(path: Path = SHIPPED) -> Portfolio:
    """The portfolio of a file. Raises :class:`UsageError` where it is none."""
    return Portfolio.parse(tomllib.loads(path.read_text(encoding="utf-8")), where=path.name)
