"""One run, from names to record: read, fit, predict, score, compare, write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from workbench import environment
from workbench.choosing.grid import Choice
from workbench.plugins.loading import Host, load
from workbench.progress import Progress
from workbench.running import records
from workbench.running.calibrating import with_temperature
from workbench.running.estimating import Estimated, estimate
from workbench.running.fitting import Lineup, choose_method, fit_all
from workbench.running.judging import Judge
from workbench.running.one_run import Run
from workbench.running.opening_lines import opening_lines
from workbench.running.outcome import Outcome
from workbench.running.specification import Specification
from workbench.running.summarising import specification_of, summarise
from workbench.running.target_reference import TargetReference
from workbench.running.trial import Trial, try_out

Estimating = Callable[[Run, Trial, Callable[[str], None]], Estimated]
"""From a run and its models to what is estimated of them; the last argument is told why there is nothing."""


def run(
    method: str,
    source: str | tuple[str, ...],
    target: str,
    *,
    host: Host | None = None,
    progress: Progress | None = None,
    out: Path | None = None,
    **choices: Any,
) -> Outcome:
    """Run one method on one pair and write its record.

    Parameters
    ----------
    method, source, target : str
        Registered names; source and target may be paths, and several sources a tuple.
    host : Host, optional
        The loaded plugins; all installed ones by default.
    out : Path, optional
        The record's own folder, new or empty; one in ``WB_RUNS`` by default.
    **choices
        Fields of :class:`Specification` (``seed``, ``shots``, ``split`` …); everything else is a setting of the
        method.

    Raises
    ------
    WbError
        One line that says what to do.
    """
    sources = (source,) if isinstance(source, str) else tuple(source)
    known = {name: choices.pop(name) for name in list(choices) if name in Specification.__dataclass_fields__}
    settings = {**known.pop("settings", {}), **choices}
    spec = Specification(method, sources, target, settings, **known)
    return execute(spec, host or load(), progress or Progress(), out=out)


def execute(
    spec: Specification, host: Host, progress: Progress, *, out: Path | None = None, parent: Path | None = None
) -> Outcome:
    """Carry out a specification; the record is ``out`` itself, or a folder in ``parent`` (``WB_RUNS``)."""
    if out is not None:
        records.check_free(out)
    spec = replace(spec, method=host.methods.find(spec.method)[0].name)  # which may be an alias
    run = Run.open(spec, host, progress)
    judge = Judge.of(host, run.data.task_name)
    entry, method, selection = choose_method(run, judge)
    progress.describe(opening_lines(entry, run.data, run.problem))
    return conclude(run, fit_all(run, entry, method), judge, selection, out=out, parent=parent)


def conclude(
    run: Run,
    lineup: Lineup,
    judge: Judge,
    selection: Choice | None = None,
    *,
    estimating: Estimating = estimate,
    out: Path | None = None,
    parent: Path | None = None,
) -> Outcome:
    """Predict, score where there are labels and estimate where there are none, and write the record.

    ``estimating`` gives the estimates, and is given what it can tell the user with, for who has made them already.
    """
    trial = try_out(run, lineup, judge)
    estimated = Estimated()
    if trial.gold is None or run.spec.class_shares or run.spec.calibrate:
        with run.clock.stage("estimate"):
            estimated = estimating(run, trial, judge.notices.append)
    with run.clock.stage("compare"):
        outcome = summarise(run, trial, selection, judge, lineup.missing, estimated)
    with run.clock.stage("record"):
        record = records.write(_content(run, trial, outcome), out, parent or environment.runs_folder())
    run.observers.run_ends(record)
    return outcome.model_copy(update={"record": record.folder})


def _content(run: Run, trial: Trial, outcome: Outcome) -> records.Content:
    adapted, baseline, gold = trial.adapted, trial.baseline, trial.gold
    predictions = with_temperature(adapted.predictions, outcome.temperature)
    return records.Content(
        specification=specification_of(run, adapted.fitted.method),
        outcome=outcome,
        task=run.data.task,
        predicted=trial.predicted,
        gold=gold.domain if gold is not None else None,
        gold_rows=gold.rows if gold is not None else np.zeros(0, dtype=int),
        adapted=predictions,
        baseline=baseline.predictions if baseline is not None else None,
        metrics=adapted.scores.metrics if adapted.scores is not None else {},
        save_model=adapted.fitted.model.save,
        target=TargetReference.of(run.problem, predictions),
    )
