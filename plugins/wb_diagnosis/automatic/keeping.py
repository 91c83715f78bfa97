"""The best models as ordinary records, fitted to the whole source where there is time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from wb_diagnosis.automatic.budget import Budget, TimeIsUp
from wb_diagnosis.automatic.contenders import Contender
from wb_diagnosis.automatic.pace import Pace
from wb_diagnosis.automatic.search import FINISH, SearchResult
from workbench.choosing.estimators import Estimator
from workbench.data.domains import Problem
from workbench.methods.contract import Model
from workbench.plugins.loading import Host
from workbench.progress import Progress
from workbench.running.class_shares import class_shares
from workbench.running.clock import Clock
from workbench.running.estimating import Estimated
from workbench.running.execution import conclude
from workbench.running.fitting import Fitted, Lineup
from workbench.running.judging import Judge
from workbench.running.observers import observers_of
from workbench.running.one_run import Run
from workbench.running.opened import RunData
from workbench.running.outcome import Estimates, Outcome
from workbench.running.specification import Specification

PART = "fitted without a fifth of the labelled source, since there was no time for the whole"


@dataclass(frozen=True, eq=False)
class Opened:
    """The pair as it was opened: no record leads from here to a label of the target."""

    spec: Specification
    data: RunData
    problem: Problem
    estimator: Estimator | None
    host: Host
    progress: Progress


@dataclass(frozen=True, eq=False)
class Kept:
    """A model and what its record holds."""

    title: str
    outcome: Outcome

    @property
    def record(self) -> Path | None:
        return self.outcome.record

    @property
    def name(self) -> str:
        """By which `wb predict` finds the record: the digest at the end of its folder's name."""
        return self.outcome.record.name.rpartition("-")[2] if self.outcome.record is not None else ""


def keep(result: SearchResult, opened: Opened, budget: Budget, pace: Pace, most: int) -> list[Kept]:
    """Write the records of the first models, the chosen one first; of the others at most ``most`` - 1, in the time."""
    judge = Judge.of(opened.host, opened.data.task_name)
    models: dict[str, Model] = {}
    kept: list[Kept] = []
    longest = 0.0
    for contender in list(result.contenders.values())[:most]:
        before = budget.spent
        if kept and budget.left < longest:
            break
        for one in (contender, result.reference):
            if one.title not in models:
                models[one.title] = _model(one, result, budget, pace)
        kept.append(_record(contender, models, result, opened, judge))
        longest = max(longest, budget.spent - before)
    return kept


def _model(contender: Contender, result: SearchResult, budget: Budget, pace: Pace) -> Model:
    """The model on the whole source; the one of the search where that cannot end in time or the user stops it."""
    reserve = FINISH * budget.seconds
    if not result.stopped and pace.refitting(contender.prepared.entry) + reserve < budget.left:
        try:
            with budget.limit(reserve):
                return contender.refitted()
        except TimeIsUp:
            pass
        except KeyboardInterrupt:
            result.stopped = True
    model = contender.model()
    model.warnings = (*model.warnings, PART)
    return model


def _record(contender: Contender, models: dict[str, Model], result: SearchResult, opened: Opened, judge: Judge) -> Kept:
    """One record: the model beside the plain reference."""
    title, prepared = contender.title, contender.prepared
    settings = dict(prepared.entry.settings)
    spec = replace(opened.spec, method=prepared.registered.name, variant=prepared.registered.variant, settings=settings)
    observers = observers_of(opened.host, opened.progress.notice)
    clock = Clock(Progress())
    clock.seconds["fit"] = contender.standing.seconds
    run = Run(spec, opened.host, clock, observers, replace(opened.data, specification=spec), opened.problem)
    observers.run_begins(spec)
    adapted = _fitted(contender, models[title])
    plain = adapted if contender is result.reference else _fitted(result.reference, models[result.reference.title])
    lineup = Lineup(adapted, None if plain is adapted else plain, (), None if plain is adapted else plain, "")
    shares = class_shares(contender.candidate, prepared.registered.name)
    estimated = Estimated(_estimates(contender, result, opened), shares)
    return Kept(title, conclude(run, lineup, judge, estimating=lambda *_: estimated))


def _fitted(contender: Contender, model: Model) -> Fitted:
    return Fitted(contender.prepared.registered, contender.prepared.method, model)


def _estimates(contender: Contender, result: SearchResult, opened: Opened) -> Estimates | None:
    """What the search estimated of the model and of the reference."""
    name, mine, plain = opened.data.task.estimator, contender.standing, result.reference.standing
    if mine.estimate is None:
        return None
    of_plain = {name: plain.estimate} if plain.estimate is not None and mine is not plain else {}
    return Estimates(
        estimator=name,
        adapted={name: mine.estimate},
        baseline=of_plain,
        reference=of_plain,
        difference=mine.difference,
        over_reference=mine.difference,
        support=opened.estimator.support() if opened.estimator is not None else "",
    )
