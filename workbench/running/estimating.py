"""What can be said of a run's models without the target's labels: estimates of accuracy, and of the class shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workbench.choosing.candidates import Candidate
from workbench.choosing.estimators import Estimator, agreeing, lacking
from workbench.errors import WbError
from workbench.plugins.entries import EstimatorEntry
from workbench.plugins.isolation import isolated
from workbench.running.calibrating import estimate_temperature
from workbench.running.class_shares import estimate_shares
from workbench.running.copies import Copies
from workbench.running.one_run import Run
from workbench.running.outcome import ClassShares, Estimates, Temperature
from workbench.running.trial import Trial
from workbench.scoring.comparing import Difference

SIDES = ("adapted", "baseline", "reference")


@dataclass(frozen=True)
class Estimated:
    """What is estimated of a run; None for what was not asked for or could not be estimated."""

    accuracies: Estimates | None = None
    shares: ClassShares | None = None
    temperature: Temperature | None = None


def estimate(run: Run, trial: Trial, tell: Callable[[str], None]) -> Estimated:
    """The accuracies where the target has no labels; class shares and temperature there too, and where asked for."""
    copies, accuracies, shares = Copies(run, trial), None, None
    if trial.gold is None:
        accuracies = estimate_accuracies(copies, tell)
    if run.spec.class_shares or (trial.gold is None and run.data.task.estimator):
        shares = estimate_shares(copies, tell)
    wanted = run.spec.calibrate or (trial.gold is None and run.data.task.estimator)
    return Estimated(accuracies, shares, estimate_temperature(copies, tell) if wanted else None)


def estimate_accuracies(copies: Copies, tell: Callable[[str], None]) -> Estimates | None:
    """The estimates of the task's deciding estimator, of each model of the trial.

    Where it needs labelled source examples that no fit saw, copies of the models are fitted without a fifth of the
    source and estimated in their stead; those that predict learnt from everything. Where the estimator cannot serve,
    ``tell`` is given the reason in a line and there are none.
    """
    run = copies.run
    name, task = run.data.task.estimator, run.data.task_name
    if not name:
        tell(f"no estimates: nothing is known to estimate the accuracy of {task} without labels")
        return None
    try:
        entry = run.host.estimators.get(name)
    except WbError as error:
        tell(f"no estimates: {error}")
        return None
    estimates: Estimates | None = None
    with isolated(entry, lambda line: tell(f"no estimates: {line}")):
        estimates = _estimates(copies, entry)
    return estimates


def _estimates(copies: Copies, entry: EstimatorEntry) -> Estimates:
    """Raises :class:`WbError` where the estimator cannot serve."""
    run, trial = copies.run, copies.trial
    estimator: Estimator = entry.load()()
    sides = {side: tried for side in SIDES if (tried := getattr(trial, side)) is not None}
    held_out = estimator.needs_held_out
    for tried in sides.values():
        missing = lacking(estimator, copies.as_though_held_out(tried) if held_out else copies.original(tried))
        if missing:
            raise WbError(f"{missing}: {tried.fitted.entry.name}")
    of_sides: dict[str, Candidate] = {}
    for number, (side, tried) in enumerate(sides.items()):
        run.clock.progress.update(number / len(sides), tried.fitted.entry.name)
        of_sides[side] = copies.of(tried) if held_out else copies.original(tried)
    figures = {side: estimator.estimate(candidate) for side, candidate in of_sides.items()}
    difference = _difference(estimator, of_sides, "baseline")
    if difference is not None:
        figures["baseline"], figures["adapted"] = agreeing(figures["baseline"], figures["adapted"], difference)
    return Estimates(
        estimator=entry.name,
        **{side: {entry.name: figure} for side, figure in figures.items()},
        difference=difference,
        over_reference=_difference(estimator, of_sides, "reference"),
        support=estimator.support(),
    )


def _difference(estimator: Estimator, candidates: dict[str, Candidate], other: str) -> Difference | None:
    if other not in candidates:
        return None
    return estimator.estimate_difference(candidates[other], candidates["adapted"])
