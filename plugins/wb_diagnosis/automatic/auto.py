"""The whole of ``wb auto``: diagnose, search, choose, keep the best as records, predict."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from wb_diagnosis.automatic import portfolio as portfolios
from wb_diagnosis.automatic.budget import Budget, TimeIsUp
from wb_diagnosis.automatic.contenders import Judges
from wb_diagnosis.automatic.keeping import Kept, Opened, keep
from wb_diagnosis.automatic.pace import Pace
from wb_diagnosis.automatic.portfolio import Portfolio
from wb_diagnosis.automatic.predictions import check_form, predict_file
from wb_diagnosis.automatic.result import Result, Row
from wb_diagnosis.automatic.search import LeftOut, Search, SearchResult
from wb_diagnosis.automatic.situations import situation_of, size_of
from wb_diagnosis.automatic.views import Views
from wb_diagnosis.diagnosing import chosen, diagnosed
from workbench.choosing.estimators import Estimator
from workbench.choosing.selectors import Selector
from workbench.data.checks import Finding
from workbench.data.domains import Problem
from workbench.data.inputs import LabelKind
from workbench.data.pairs import Pair
from workbench.data.tasks import Task
from workbench.plugins.loading import Host
from workbench.progress import Progress
from workbench.running.opened import counts, open_data
from workbench.running.specification import Specification

DIAGNOSIS = 0.2
"""Share of the budget that looking at the domains may take."""

MOST_KEPT = 3
"""Models that are kept as records, the chosen one among them."""


@dataclass(frozen=True)
class Request:
    """What the user asks for.

    Attributes
    ----------
    sources, target
        As ``wb run`` names them.
    methods : sequence of str
        Only these are tried beside the plain reference; empty: the whole portfolio.
    columns : mapping
        The columns of tables given as paths: of ``text``, ``label`` and ``id``.
    out : Path or None
        The file of the predictions.
    """

    sources: tuple[str, ...]
    target: str
    seed: int = 0
    methods: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    out: Path | None = None

    @property
    def options(self) -> str:
        """The pair as a command line names it."""
        sources = " ".join(f"--src {shlex.quote(name)}" for name in self.sources)
        return f"{sources} --tgt {shlex.quote(self.target)}"


def auto(
    request: Request,
    budget: Budget,
    host: Host,
    progress: Progress | None = None,
    portfolio: Portfolio | None = None,
) -> Result:
    """Find a model for an unlabelled target within a budget; no label of the target is looked at.

    Raises
    ------
    WbError
        One line that says what to do, before anything is fitted; also where there is no plan for such a pair.
    """
    progress, portfolio = progress or Progress(), portfolio or portfolios.load()
    for name in request.methods:
        host.methods.find(name)
    spec = Specification(
        "", request.sources, request.target, seed=request.seed, target_labels="none", columns=request.columns
    )
    with progress.stage("read"):
        data = open_data(spec, host)
        problem, labelled = data.problem(), data.label_count.labelled
        if request.out is not None:
            check_form(request.target, data.task_name, request.columns, request.out, host)
    kind = data.task.label_kind
    plan = portfolio.plan(situation_of(problem, kind))
    with progress.stage("diagnose"):
        findings = _findings(request, problem, host, budget, progress)
    judges = Judges(_estimator(data.task, host), _selectors(portfolio, host, kind), kind)
    pace = Pace(size_of(problem), judges.fits)
    search = Search(Views(problem, kind, host), judges, portfolio.guard, budget, pace, host, progress)
    outcome = search.run(plan, request.methods)
    opened = Opened(spec, data, problem, judges.estimator, host, progress)
    with progress.stage("keep"):
        kept = keep(outcome, opened, budget, pace, MOST_KEPT)
    if request.out is not None:
        with progress.stage("predict"):
            predict_file(kept[0].outcome, request.target, request.columns, request.out, host)
    return Result(
        source="+".join(corpus.name for corpus in data.sources),
        target=data.target.name,
        task=data.task_name,
        situation=plan.situation,
        counts={"source": counts(problem.source, data.task), "target": counts(problem.target, data.task)},
        budget=budget.seconds,
        seconds=budget.spent,
        stopped=outcome.stopped,
        seed=request.seed,
        origin=portfolio.origin,
        findings=tuple(findings),
        rows=tuple(_rows(outcome, {one.title: one for one in kept})),
        reference=outcome.reference.title,
        spread=portfolio.guard.spread,
        labelled=labelled,
        predicted=next(iter(kept[0].outcome.target.predicted_counts.values())),
        predictions=request.out,
        support=judges.estimator.support() if judges.estimator is not None else "",
        notices=(*kept[0].outcome.notices, *kept[0].outcome.warnings),
    )


def _findings(request: Request, problem: Problem, host: Host, budget: Budget, progress: Progress) -> list[Finding]:
    """What the quick checks say of the pair within their share of the time; one that fails is told in one line."""
    pair = Pair(problem, host, fast=True, options=request.options)
    findings: list[Finding] = []
    with suppress(TimeIsUp), budget.limit(reserve=(1 - DIAGNOSIS) * budget.seconds):
        for entry in chosen(host, (), ()):
            if budget.spent < DIAGNOSIS * budget.seconds:
                findings += [checked.finding for checked in diagnosed(pair, [entry], progress.notice).checks]
    return findings


def _estimator(task: Task, host: Host) -> Estimator | None:
    """The one that decides for the task."""
    estimator: Estimator | None = host.estimators.get(task.estimator).load()() if task.estimator else None
    return estimator


def _selectors(portfolio: Portfolio, host: Host, kind: LabelKind) -> dict[str, Selector]:
    """Those that the guard weighs and that take such labels."""
    selectors = {name: host.selectors.get(name).load()() for name in portfolio.guard.selectors}
    return {name: selector for name, selector in selectors.items() if kind in selector.takes_labels}


def _rows(result: SearchResult, kept: dict[str, Kept]) -> Sequence[Row]:
    """The leaderboard: what was fitted in the order of the choice, then what was not."""
    rows = []
    for title, contender in result.contenders.items():
        standing, entry = contender.standing, contender.prepared.entry
        state = "chosen" if title == result.choice.chosen else "kept" if title in kept else "fitted"
        rows.append(
            Row(
                title=title,
                method=entry.method,
                settings=dict(entry.settings),
                state=state,
                estimate=standing.estimate,
                difference=standing.difference,
                gain=result.choice.gains[title] if title != result.reference.title else None,
                scores=dict(standing.scores),
                seconds=standing.seconds,
                why=result.choice.reasons.get(title, ""),
                record=kept[title].record if title in kept else None,
                name=kept[title].name if title in kept else "",
            )
        )
    return [*rows, *(_row_of(left) for left in result.left_out)]


def _row_of(left: LeftOut) -> Row:
    entry = left.entry
    return Row(title=entry.title, method=entry.method, settings=dict(entry.settings), state="not fitted", why=left.why)
