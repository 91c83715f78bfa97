"""What can be said of a run's models where no label tells how right they are: estimates in the place of scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from workbench.choosing.candidates import Candidate
from workbench.choosing.estimators import Estimator, lacking
from workbench.choosing.grid import hold_out
from workbench.data.domains import Domain, Problem
from workbench.errors import WbError
from workbench.plugins.entries import EstimatorEntry
from workbench.plugins.isolation import isolated
from workbench.progress import Progress
from workbench.running.one_run import Run
from workbench.running.outcome import Estimates
from workbench.running.trial import Trial, Tried
from workbench.scoring.comparing import Difference

SIDES = ("adapted", "baseline", "reference")


def estimate(run: Run, trial: Trial, tell: Callable[[str], None]) -> Estimates | None:
    """The estimates of the task's deciding estimator, of each model of the trial.

    Where it needs labelled source examples that no fit saw, copies of the models are fitted without a fifth of the
    source and estimated in their stead; those that predict learnt from everything. Where the estimator cannot serve,
    ``tell`` is given the reason in a line and there are none.
    """
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
        estimates = _estimates(run, trial, entry)
    return estimates


def _estimates(run: Run, trial: Trial, entry: EstimatorEntry) -> Estimates:
    """Raises :class:`WbError` where the estimator cannot serve."""
    estimator: Estimator = entry.load()()
    sides = {side: tried for side in SIDES if (tried := getattr(trial, side)) is not None}
    evidence = Evidence.of(run, trial, estimator)
    for tried in sides.values():
        missing = lacking(estimator, evidence.candidate(tried))
        if missing:
            raise WbError(f"{missing}: {tried.fitted.entry.name}")
    candidates: dict[int, Candidate] = {}
    for number, tried in enumerate(sides.values()):
        run.clock.progress.update(number / len(sides), tried.fitted.entry.name)
        if id(tried) not in candidates:  # the reference may be the baseline itself
            candidates[id(tried)] = evidence.estimated(tried)
    of_sides = {side: candidates[id(tried)] for side, tried in sides.items()}
    figures = {side: estimator.estimate(candidate) for side, candidate in of_sides.items()}
    return Estimates(
        estimator=entry.name,
        **{side: {entry.name: figure} for side, figure in figures.items()},
        difference=_difference(estimator, of_sides, "baseline"),
        over_reference=_difference(estimator, of_sides, "reference"),
        support=estimator.support(),
    )


def _difference(estimator: Estimator, candidates: dict[str, Candidate], other: str) -> Difference | None:
    if other not in candidates:
        return None
    return estimator.estimate_difference(candidates[other], candidates["adapted"])


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the models of one trial are estimated by: the predicted examples and, where needed, held-out source."""

    run: Run
    problem: Problem
    """What the estimated models learn from."""
    predicted: Domain
    held_out: Domain | None

    @classmethod
    def of(cls, run: Run, trial: Trial, estimator: Estimator) -> Evidence:
        """Raises :class:`WbError` where held-out source is needed and there is too little."""
        problem, held_out = run.problem, None
        if estimator.needs_held_out:
            problem, held_out = hold_out(problem, run.data.task.label_kind, run.host)
        return cls(run, problem, trial.predicted, held_out)

    def candidate(self, tried: Tried) -> Candidate:
        """The model that predicts, as though it had not seen the held-out examples."""
        return Candidate(
            tried.fitted.model,
            replace(self.problem, target=self.predicted),
            self.held_out,
            tried.predictions,
            partial(tried.fitted.method.fit, progress=Progress()),
            self.run.data.task.label_kind,
        )

    def estimated(self, tried: Tried) -> Candidate:
        """What is estimated in its stead: a copy that has not seen the held-out examples, where there are any."""
        candidate = self.candidate(tried)
        if self.held_out is None:
            return candidate
        model = candidate.fit(self.problem)
        return replace(candidate, model=model, predictions=model.predict(self.predicted.inputs))
