"""What a run found, typed to the leaves: the content of ``--json``, of the record and of every report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from workbench.choosing.grid import Choice
from workbench.data.inputs import Shape
from workbench.scoring.comparing import NO_LABELS, NOT_COMPARED, Comparison, Difference, Estimate, supported
from workbench.scoring.scales import Scale

if TYPE_CHECKING:
    from pandas import DataFrame

SCORES = ("figures", "scores", "difference", "estimates", "shares", "reference", "companions", "details", "changes")
"""The parts of an outcome's JSON that a record keeps in scores.json; run.json has the others."""


SOMETIMES = ("seeds", "runs", "estimates", "shares", "temperature", "reference", "companions", "selection")
"""The parts of an outcome's JSON that are there only where there is something to say."""


NOTHING = Estimate(float("nan"), float("nan"), float("nan"))
ESTIMATED = "estimated_accuracy"
"""The name of the figure that stands in the place of scores where the target has no labels."""

NO_CHANGE = Difference(float("nan"), float("nan"), float("nan"), float("nan"))


class Part(BaseModel):
    """Base of an outcome's parts: frozen, and read from JSON as it was written."""

    model_config = ConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True)


class DomainSummary(Part):
    """What a side of the run was."""

    name: str = Field(description="As the user named it; several sources are joined by +.")
    edition: str = Field(description="The edition that ran, or the path.")
    counts: dict[str, int] = Field(description="Labelled examples of the source, scored ones of the target, by unit.")
    predicted_counts: dict[str, int] = Field(
        default_factory=dict, description="Of the target: all examples that were predicted, scored or not, by unit."
    )
    labelled: int | None = Field(None, description="Of the target: how many examples of its split carry labels.")
    unlabelled_counts: dict[str, int] = Field(description="Unlabelled examples that the method could see, by unit.")
    columns: dict[str, str] = Field(
        default_factory=dict, description="The columns that were read of a table, by the reader's settings."
    )


class PluginVersion(Part):
    """A plugin that took part."""

    name: str = Field(description="The entry point's name.")
    distribution: str = Field("", description="The installed package it came in.")
    version: str = Field("", description="Of the package.")


class Estimates(Part):
    """What is estimated of a run's models where no label says how right they are.

    Each side holds estimates of the accuracy by the estimators' names, with 90 % intervals.
    """

    estimator: str = Field(description="The deciding estimator's name.")
    adapted: dict[str, Estimate] = Field(description="Of the adapted model.")
    baseline: dict[str, Estimate] = Field(default_factory=dict, description="Of its baseline.")
    reference: dict[str, Estimate] = Field(default_factory=dict, description="Of the plain reference.")
    difference: Difference | None = Field(
        None, description="The deciding estimate of the difference, adapted minus baseline."
    )
    over_reference: Difference | None = Field(None, description="The same, adapted minus the plain reference.")
    support: str = Field("", description="How right such estimates were where labels could tell, in words.")

    @property
    def comparison(self) -> Comparison:
        """The deciding estimator's figures in the form of scores, under a name and a title that say what they are."""
        sides = (self.baseline, self.adapted)
        baseline, adapted = ({ESTIMATED: side[self.estimator]} if self.estimator in side else {} for side in sides)
        change = {ESTIMATED: self.difference} if self.difference is not None else {}
        return Comparison({ESTIMATED: Scale("accuracy (estimated)")}, baseline, adapted, change, self.verdict)

    @property
    def verdict(self) -> str:
        """What the deciding difference supports."""
        return NOT_COMPARED if self.difference is None else supported(self.difference)


class ClassShare(Part):
    """How much of the domains a class is."""

    source: float = Field(description="Its share of the labelled source.")
    target: Estimate = Field(description="Its estimated share of the target, with a 90 % interval.")
    actual: float | None = Field(None, description="Its share of the target's labels, where there are any.")
    differs: bool = Field(
        False, description="Whether they clearly differ: at the 5 % level for all classes at once, and by 3 points."
    )


class ClassShares(Part):
    """The estimated shares of the target's classes, of tokens where labels are sequences.

    They hold where the examples of a class are alike in both domains, as the model sees them.
    """

    estimator: str = Field(description="How they were estimated, e.g. em.")
    model: str = Field(description="The method whose predictions they come from.")
    classes: dict[str, ClassShare] = Field(description="By the classes' names.")

    @property
    def differing(self) -> list[tuple[str, ClassShare]]:
        """The classes whose shares clearly differ between source and target, largest difference first."""
        differing = [(name, share) for name, share in self.classes.items() if share.differs]
        return sorted(differing, key=lambda one: -abs(one[1].target.value - one[1].source))


class Temperature(Part):
    """By what the model's probabilities are brought nearer to how often it is right; labels never change by it."""

    temperature: float = Field(gt=0, description="Above 1 the probabilities become softer, below 1 sharper.")
    weighted: bool = Field(description="Whether the examples it was fitted to were weighted to the target.")
    examples: int = Field(description="Held-out source examples that it was fitted to.")
    error_before: float = Field(description="Expected calibration error on these without it, a share.")
    error: float = Field(description="The same with it, each half by the temperature of the other.")

    def __str__(self) -> str:
        before, after = f"{100 * self.error_before:.1f}", f"{100 * self.error:.1f}"
        weighted = ", weighted to the target" if self.weighted else ""
        return (
            f"probabilities are calibrated on {self.examples:,} held-out source examples{weighted}: temperature "
            f"{self.temperature:.2f}, calibration error {before} → {after} points; of the target that is an estimate"
        )


class Reference(Part):
    """The task's plain method on the same data, beside which every method stands."""

    method: str = Field(description="Its name, e.g. source-only.")
    settings: dict[str, Any] = Field(default_factory=dict, description="Its settings.")
    resolved: dict[str, str] = Field(default_factory=dict, description="What each `auto` among them came to.")
    scores: dict[str, Estimate] = Field(description="Its figures with their intervals.")
    difference: dict[str, Difference] = Field(description="The adapted model minus the reference, figure by figure.")
    verdict: str = Field(description="The verdict on that difference.")
    is_baseline: bool = Field(False, description="Whether it is the method's own baseline.")

    @property
    def title(self) -> str:
        """The method, and the classifier that it has or that its features chose."""
        classifier = self.resolved.get("classifier") or self.settings.get("classifier", "")
        return f"{self.method}, {classifier}" if classifier else self.method


class Table(Part):
    """A table of a record."""

    headers: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


class Changes(Part):
    """What changed between the baseline and the adapted model; an evaluator may add values of its own."""

    model_config = ConfigDict(frozen=True, extra="allow")

    examples: tuple[str, ...] = Field((), description="Lines for people to read.")
    tables: dict[str, Table] = Field(default_factory=dict, description="Tables by their titles.")


class SeedOutcome(Part):
    """One of several seeds' runs, in short."""

    seed: int
    scores: dict[str, dict[str, Estimate]] = Field(description="Of the baseline and the adapted model.")
    difference: dict[str, Difference]
    verdict: str
    record: str = Field("", description="The folder of its record.")


class Outcome(Part):
    """What one run found, or several seeds of it together."""

    method: str = Field(description="The method's registered name.")
    task: str = Field(description="The task of the examples.")
    variant: str = Field("", description="Which of the method's variants ran; empty for the plain one.")
    baseline: str | None = Field(None, description="The method that it is compared with.")
    source: DomainSummary = Field(description="What was learnt from.")
    target: DomainSummary = Field(description="What was adapted to and scored.")
    protocol: str = Field(description="What was learnt from and what was scored, in a line.")
    seed: int = Field(description="Seed of every random choice; the first of several.")
    seeds: tuple[int, ...] = Field((), description="All seeds, where there are several.")
    settings: dict[str, Any] = Field(default_factory=dict, description="Every setting of the method.")
    resolved: dict[str, str] = Field(default_factory=dict, description="What each `auto` among them came to.")
    floor: float = Field(0.0, description="The smallest difference of interest, a share.")
    stochastic: bool = Field(False, description="Whether another seed trains another model on the same data.")
    comparison: Comparison | None = Field(
        None, description="The adapted model beside its baseline; None where the target has no labels to score by."
    )
    estimates: Estimates | None = Field(None, description="What is estimated of the models where nothing is scored.")
    spread: dict[str, dict[str, float]] = Field(
        default_factory=dict, description="Standard deviations over the seeds: of adapted, baseline and difference."
    )
    shares: ClassShares | None = Field(
        None, description="Estimated class shares of the target: where it has no labels, or by --class-shares."
    )
    temperature: Temperature | None = Field(None, description="The calibration of the model's probabilities.")
    reference: Reference | None = Field(None, description="The task's plain reference, where it is another model.")
    companions: dict[str, dict[str, Estimate]] = Field(
        default_factory=dict, description="Figures of further methods on the same data, by name."
    )
    selection: Choice | None = Field(None, description="How settings were chosen.")
    runs: tuple[SeedOutcome, ...] = Field((), description="The runs of several seeds.")
    seconds: dict[str, float] = Field(default_factory=dict, description="Of each stage.")
    peak_memory_mb: float = Field(0.0, description="The largest resident size of the process so far.")
    plugins: tuple[PluginVersion, ...] = Field((), description="The plugins that took part.")
    typed_inputs: bool = Field(False, description="Whether an example is something that a user can type.")
    inputs: Shape | None = Field(None, description="What the examples look like to the model.")
    advice: tuple[str, ...] = Field((), description="Commands that bring fuller editions of the data.")
    notes: dict[str, Any] = Field(default_factory=dict, description="What the model says of its fit.")
    warnings: tuple[str, ...] = Field((), description="What the user must know of the fit.")
    notices: tuple[str, ...] = Field((), description="What the user should know of the data and the scores.")
    details: dict[str, Any] = Field(default_factory=dict, description="The evaluators' tables, of both models.")
    changes: Changes = Field(default_factory=Changes, description="What changed between baseline and method.")
    record: Path | None = Field(None, description="The folder of the record.")

    @property
    def verdict(self) -> str:
        """Of the scores; where there are none, what the estimates support."""
        return self.shown.verdict

    @property
    def primary(self) -> Scale:
        """The scale of the deciding figure."""
        return self.shown.scales[self.shown.primary]

    @property
    def shown(self) -> Comparison:
        """What people see: the scores, else the estimates; without any figure where there are neither."""
        if self.comparison is not None:
            return self.comparison
        return self.estimates.comparison if self.estimates is not None else Comparison({}, {}, {}, {}, NO_LABELS)

    @property
    def title(self) -> str:
        """The method's name, and its variant where the baseline has the same name."""
        return f"{self.method}, {self.variant}" if self.method == self.baseline and self.variant else self.method

    def as_json(self) -> dict[str, Any]:
        """Plain values: what ``--json`` prints, and :meth:`from_json` reads."""
        values = self.model_dump(exclude={"comparison", "record", "spread"})
        compared = self.comparison or Comparison({}, {}, {}, {}, self.verdict)
        values["figures"] = {name: vars(scale) for name, scale in compared.scales.items()}
        values["scores"] = {
            side: {name: vars(figure) | self._deviation(side, name) for name, figure in getattr(compared, side).items()}
            for side in ("baseline", "adapted")
        }
        values["difference"] = {
            name: vars(change) | self._deviation("difference", name) for name, change in compared.difference.items()
        }
        values["verdict"] = self.verdict
        values["selection"] = self.selection.as_dict() if self.selection is not None else None
        values["record"] = str(self.record) if self.record is not None else None
        return {name: value for name, value in values.items() if value or name not in SOMETIMES}

    def as_frame(self) -> DataFrame:
        """One line for each figure: of the adapted model, its baseline, their difference and the reference.

        Needs pandas.
        """
        import pandas

        compared, reference = self.shown, self.reference
        return pandas.DataFrame(
            {
                "figure": name,
                **{f"adapted_{part}": value for part, value in vars(figure).items()},
                **{f"baseline_{part}": value for part, value in vars(compared.baseline.get(name, NOTHING)).items()},
                **{
                    f"difference_{part}": value
                    for part, value in vars(compared.difference.get(name, NO_CHANGE)).items()
                },
                "reference": reference.scores[name].value if reference and name in reference.scores else NOTHING.value,
            }
            for name, figure in compared.adapted.items()
        )

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Outcome:
        """The outcome that :meth:`as_json` wrote. Raises pydantic's ``ValidationError`` where it is none."""
        scores = values.get("scores", {})
        compared = {
            "scales": values.get("figures", {}),
            "baseline": scores.get("baseline", {}),
            "adapted": scores.get("adapted", {}),
            "difference": values.get("difference", {}),
            "verdict": values.get("verdict"),
        }
        return cls.model_validate({**values, "comparison": compared if compared["adapted"] else None})

    def _deviation(self, side: str, name: str) -> dict[str, float]:
        deviation = self.spread.get(side, {}).get(name)
        return {} if deviation is None else {"sd": deviation}
