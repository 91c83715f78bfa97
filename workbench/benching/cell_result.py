"""What a cell of a bench found."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from workbench.running.outcome import Estimates, Outcome, Part, Reference
from workbench.scoring.comparing import NO_LABELS, Comparison, Difference, Estimate
from workbench.scoring.scales import Scale


class CellResult(Part):
    """One cell: what was asked, and what was found or why nothing was."""

    method: str
    source: str
    target: str
    seed: int
    settings: dict[str, Any] = Field(default_factory=dict)
    baseline: str | None = None
    classifier: str = Field("", description="Of the method and its baseline, where they have one.")
    comparison: Comparison | None = None
    estimates: Estimates | None = None
    reference: Reference | None = None
    seconds: float = 0.0
    record: str = ""
    error: str | None = None

    @classmethod
    def of(cls, asked: CellResult, outcome: Outcome) -> CellResult:
        """The row of a cell that ran."""
        return asked.model_copy(
            update={
                "baseline": outcome.baseline,
                "classifier": outcome.resolved.get("classifier", ""),
                "comparison": outcome.comparison,
                "estimates": outcome.estimates,
                "reference": outcome.reference,
                "seconds": sum(outcome.seconds.values()),
                "record": str(outcome.record),
            }
        )

    @property
    def name(self) -> str:
        """The method and the settings that tell it from others of the bench."""
        return self.method + "".join(f" {name}={value}" for name, value in self.settings.items())

    @property
    def baseline_title(self) -> str:
        """The baseline and its classifier: two of one name may be two models."""
        return f"{self.baseline}, {self.classifier}" if self.classifier else str(self.baseline)

    @property
    def pair(self) -> str:
        return f"{self.source} → {self.target}"

    @property
    def has_figures(self) -> bool:
        """Whether it ran and has something to rank it by: scores, or estimates where the target has no labels."""
        return self.comparison is not None or self.estimates is not None

    @property
    def is_estimated(self) -> bool:
        """Whether its figures are estimates without labels."""
        return self.comparison is None and self.estimates is not None

    @property
    def shown(self) -> Comparison:
        """The scores of a cell that ran, or its estimates in their form."""
        if self.comparison is not None:
            return self.comparison
        if self.estimates is None:
            raise ValueError(f"{self.name}, {self.pair}: {self.error or 'neither scores nor estimates'}")
        return self.estimates.comparison

    @property
    def primary(self) -> str:
        """The deciding figure's name."""
        return self.shown.primary

    @property
    def scale(self) -> Scale:
        """The deciding figure's scale."""
        return self.shown.scales[self.primary]

    @property
    def value(self) -> Estimate:
        """The adapted model's deciding figure."""
        return self.shown.adapted[self.primary]

    @property
    def before(self) -> Estimate | None:
        """The baseline's deciding figure."""
        return self.shown.baseline.get(self.primary)

    @property
    def change(self) -> Difference | None:
        """The difference of the deciding figure to the baseline."""
        return self.shown.difference.get(self.primary)

    @property
    def verdict(self) -> str:
        return self.shown.verdict if self.has_figures else NO_LABELS

    def as_json(self) -> dict[str, Any]:
        values = self.model_dump(exclude={"comparison"})
        if self.comparison is None:
            return values
        compared = self.model_dump(include={"comparison"})["comparison"]
        return values | {
            "figures": compared["scales"],
            "scores": {"baseline": compared["baseline"], "adapted": compared["adapted"]},
            "difference": compared["difference"],
            "verdict": compared["verdict"],
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> CellResult:
        """The row that :meth:`as_json` wrote."""
        if "figures" not in values:
            return cls.model_validate(values)
        compared = {
            "scales": values["figures"],
            **values["scores"],
            "difference": values["difference"],
            "verdict": values["verdict"],
        }
        return cls.model_validate({**values, "comparison": compared})
