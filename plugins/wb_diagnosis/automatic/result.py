"""What ``wb auto`` came to, typed to the leaves: the content of ``--json`` and of the last screen."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from workbench.data.checks import Finding
from workbench.running.outcome import Part
from workbench.scoring.comparing import Difference, Estimate

State = Literal["chosen", "kept", "fitted", "not fitted"]
"""``kept``: the model has a record, too; ``fitted``: it has none."""


class Row(Part):
    """One entry of the portfolio on the leaderboard."""

    title: str = Field(description="The method and the settings that differ from its defaults.")
    method: str
    settings: Mapping[str, Any]
    state: State
    estimate: Estimate | None = Field(None, description="Its accuracy on the target, with the 90 % interval.")
    difference: Difference | None = Field(None, description="The same minus the plain reference's.")
    gain: float | None = Field(None, description="What it is expected to gain over the plain reference, a share.")
    scores: Mapping[str, float] = Field(default_factory=dict, description="Of selectors; higher is better.")
    seconds: float | None = Field(None, description="What fitting and judging it took.")
    why: str = Field("", description="Why it is not the first, or was not fitted.")
    record: Path | None = Field(None, description="The folder of its record.")
    name: str = Field("", description="By which `wb predict` finds the record.")


class Result(Part):
    """What was found of a pair, what was tried, what was chosen, and where everything is."""

    source: str
    target: str
    task: str
    situation: str
    counts: Mapping[str, Mapping[str, int]] = Field(description="Labelled source and unlabelled target, by unit.")
    budget: float = Field(description="Seconds that were given.")
    seconds: float = Field(description="Seconds that were spent.")
    stopped: bool = Field(description="Whether the user ended the search.")
    seed: int
    origin: str = Field(description="Where the portfolio and the rule come from.")
    findings: tuple[Finding, ...] = Field((), description="What differs between the domains.")
    rows: tuple[Row, ...] = Field(description="The leaderboard, the chosen model first.")
    reference: str = Field(description="The title of the plain reference.")
    spread: float = Field(description="9 of 10 gains lie within this of the expected one, a share.")
    support: str = Field("", description="How right such estimates were where labels could tell, in words.")
    labelled: int = Field(description="How many examples of the target carry labels, none of which was read.")
    predicted: int = Field(description="How many examples were predicted.")
    predictions: Path | None = Field(None, description="The file of the predictions.")
    notices: tuple[str, ...] = Field((), description="What the user should know of the data and the models.")

    @property
    def chosen(self) -> Row:
        return self.rows[0]

    @property
    def kept_reference(self) -> bool:
        """Whether nothing was worth leaving the plain reference for."""
        return self.chosen.title == self.reference

    @property
    def name(self) -> str:
        """By which `wb predict` finds the record of the chosen model."""
        return self.chosen.name

    def as_json(self) -> dict[str, Any]:
        """Plain values, what ``--json`` prints."""
        return {**self.model_dump(mode="json"), "chosen": self.chosen.title, "kept_reference": self.kept_reference}
