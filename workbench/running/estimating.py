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
from workbench.running.trial import Trial, Tried
from workbench.scoring.comparing import Difference, Estimate

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
        estimates = _estimates(copies, entry, tell)
    return estimates


def _estimates(copies: Copies, entry: EstimatorEntry, tell: Callable[[str], None]) -> Estimates:
    """Raises :class:`WbError` where the adapted model cannot be estimated; another that cannot is told and left out."""
    estimator: Estimator = entry.load()()
    candidates: dict[str, Candidate] = {}
    figures: dict[str, Estimate] = {}
    for number, side in enumerate(SIDES):
        tried: Tried | None = getattr(copies.trial, side)
        if tried is None:
            continue
        copies.run.clock.progress.update(number / len(SIDES), tried.fitted.entry.name)
        try:
            candidate = _candidate(copies, tried, estimator)
            candidates[side], figures[side] = candidate, estimator.estimate(candidate)
        except WbError as error:
            if side == SIDES[0]:
                raise WbError(f"{tried.fitted.entry.name}: {error}") from error
            tell(f"no estimate of {tried.fitted.entry.name}: {error}")
    difference = _difference(estimator, candidates, "baseline", figures, tell)
    if difference is not None:
        figures["baseline"], figures["adapted"] = agreeing(figures["baseline"], figures["adapted"], difference)
    return Estimates(
        estimator=entry.name,
        **{side: {entry.name: figure} for side, figure in figures.items()},
        difference=difference,
        over_reference=_difference(estimator, candidates, "reference", figures, tell),
        support=estimator.support(),
    )


def _candidate(copies: Copies, tried: Tried, estimator: Estimator) -> Candidate:
    """What is estimated in a model's stead. Raises :class:`WbError` where it lacks what the estimator needs."""
    original = copies.as_though_held_out(tried) if estimator.needs_held_out else copies.original(tried)
    missing = lacking(estimator, original)
    if missing:
        raise WbError(f"the estimator {missing}")
    return copies.of(tried) if estimator.needs_held_out else original


def _difference(
    estimator: Estimator,
    candidates: dict[str, Candidate],
    other: str,
    figures: dict[str, Estimate],
    tell: Callable[[str], None],
) -> Difference | None:
    if other not in figures:
        return None
    try:
        return estimator.estimate_difference(candidates[other], candidates["adapted"])
    except WbError as error:
        tell(f"no estimate of the difference to the {other}: {error}")
        return None
