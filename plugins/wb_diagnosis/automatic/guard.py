"""Which of the fitted models is taken, and when source-only is kept: a pure function of what is known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import Field

from workbench.scoring.comparing import Difference, Estimate
from workbench.settings import Settings

AHEAD, BEHIND, PLAIN = "less gain", "no clear gain", "less accurate"
"""Why a model is not the first: it gains less than the first; too little to leave the reference; or it is that one."""


@dataclass(frozen=True)
class Standing:
    """What is known of a fitted model without labels of the target.

    Attributes
    ----------
    title : str
        Tells it from the others.
    estimate : Estimate or None
        Its accuracy on the target; None where the estimator cannot tell.
    difference : Difference or None
        Its accuracy minus that of the plain reference; None for the reference and where the estimator cannot tell.
    scores : mapping
        By selector, higher is better.
    usual : float
        What it gained over the reference on pairs of its situation where labels could tell, the mean; a share.
    seconds : float
        What it took.
    """

    title: str
    estimate: Estimate | None = None
    difference: Difference | None = None
    scores: Mapping[str, float] = field(default_factory=dict)
    usual: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True)
class Choice:
    """The title of the model that is taken, the order of all, and why each of the others is not the first.

    ``gains`` holds the expected gain of each over the reference, a share.
    """

    chosen: str
    order: tuple[str, ...]
    gains: Mapping[str, float]
    reasons: Mapping[str, str]

    def __post_init__(self) -> None:
        if self.order[0] != self.chosen:
            raise ValueError("the chosen model comes first")


class Guard(Settings):
    """Adapting is the exception that the evidence must speak for; else the plain reference is kept.

    The expected gain over the reference is a weighted sum: of what the method usually gained in this situation, of the
    estimated difference, and of each selector's score minus that of the reference. What is not known counts nothing.
    The greatest expected gain is taken where it is at least ``least``.
    """

    usual: float = Field(0.5, ge=0, le=2, description="Weight of the mean gain on pairs where labels could tell.")
    difference: float = Field(0.25, ge=0, le=2, description="Weight of the estimated difference.")
    selectors: Mapping[str, float] = Field(
        default_factory=lambda: {"reverse-validation": 0.25}, description="Weight of each selector's score."
    )
    least: float = Field(0.005, ge=0, le=1, description="The least expected gain that is worth leaving the reference.")
    spread: float = Field(
        0.1, ge=0, le=1, description="9 of 10 gains lay within this of the expected one, where labels could tell."
    )

    def choose(self, reference: Standing, others: Sequence[Standing]) -> Choice:
        """The model to take out of the reference and the others, which have different titles."""
        gains = {other.title: self.expected_gain(reference, other) for other in others}
        ranked = sorted(gains, key=lambda title: gains[title], reverse=True)
        ahead = [title for title in ranked if gains[title] >= self.least]
        behind = [title for title in ranked if gains[title] < self.least]
        order = (*ahead, reference.title, *behind)
        reasons = dict.fromkeys(ahead[1:], AHEAD) | dict.fromkeys(behind, BEHIND)
        if ahead:
            reasons[reference.title] = PLAIN
        return Choice(order[0], order, {reference.title: 0.0, **gains}, reasons)

    def expected_gain(self, reference: Standing, other: Standing) -> float:
        """What a model is expected to gain over the reference, a share."""
        gain = self.usual * other.usual
        if other.difference is not None:
            gain += self.difference * other.difference.value
        for name, weight in self.selectors.items():
            if name in other.scores and name in reference.scores:
                gain += weight * (other.scores[name] - reference.scores[name])
        return gain
