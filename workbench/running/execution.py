"""One run, from names to record: fit the baseline and the method, predict, score, compare, write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench import environment
from workbench.choosing.grid import Choice
from workbench.data.domains import Problem
from workbench.errors import UsageError
from workbench.methods.contract import Method, Model
from workbench.methods.variants import make, variant
from workbench.plugins.entries import MethodEntry
from workbench.plugins.loading import Host, load
from workbench.progress import Progress
from workbench.running import records
from workbench.running.clock import Clock
from workbench.running.judging import figures_of, score
from workbench.running.opened import Setting, open_setting
from workbench.running.outcome import (
    Result,
    completed,
    opening_lines,
    prediction_rows,
    scores_json,
    summarise,
)
from workbench.running.specification import Specification


def run(
    method: str,
    source: str | tuple[str, ...],
    target: str,
    *,
    host: Host | None = None,
    progress: Progress | None = None,
    out: Path | None = None,
    **choices: Any,
) -> Result:
    """Run one method on one pair and write its record.

    Parameters
    ----------
    method, source, target : str
        Registered names; source and target may be paths, and several sources a tuple.
    host : Host, optional
        The loaded plugins; all installed ones by default.
    out : Path, optional
        Where the record's folder goes; ``WB_RUNS`` by default.
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
    return execute(spec, host or load(), progress or Progress(), out)


def execute(spec: Specification, host: Host, progress: Progress, out: Path | None = None) -> Result:
    """Carry out a specification."""
    clock = Clock(progress)
    with clock.stage("read"):
        setting = open_setting(spec, host)
        problem = setting.problem()
    entry = variant(host, spec.method, {**spec.settings, **spec.grid}, problem)
    chosen = _select(spec, entry, setting, problem, host, clock)
    settings = {**spec.settings, **(chosen.chosen if chosen else {})}
    method = make(entry, settings, host)
    if method.needs_shots and not spec.shots:
        raise UsageError(f"method '{entry.name}' needs a few labelled target examples: give --shots K")
    specification = completed(spec, setting, method)
    progress.describe(opening_lines(entry, setting, problem))

    base_entry = host.methods.get(entry.baseline, setting.task_name) if entry.baseline else None
    base_model = None
    if base_entry is not None and spec.baseline:
        shared = method.params.shared_with(base_entry.load().Params)
        with clock.stage("fit baseline"):
            base_model = make(base_entry, shared, host).fit(problem, progress)
    with clock.stage("fit"):
        model: Model = method.fit(problem, progress)
    companions = _fit_companions(entry, method, setting, problem, host, clock) if spec.baseline else {}

    with clock.stage("predict"):
        gold = setting.gold()
        before = base_model.predict(gold.inputs) if base_model is not None else None
        after = model.predict(gold.inputs)
        others = {name: other.predict(gold.inputs) for name, other in companions.items()}
    with clock.stage("score"):
        comparison, changes, details, notices = score(host, setting, gold, before, after, problem)
        beside = {name: figures_of(host, setting, gold, said, problem) for name, said in others.items()}

    summary = summarise(entry, base_entry, setting, problem, gold, comparison, clock, specification)
    if chosen is not None:
        summary["selection"] = chosen.as_dict()
    if beside:
        summary["companions"] = beside
    summary["notes"], summary["warnings"] = dict(model.notes), list(model.warnings)
    notices = [notice for corpus in setting.corpora() for notice in corpus.notices] + notices
    with clock.stage("record"):
        run_json = {
            "format": records.FORMAT,
            "digest": records.digest_of(specification),
            "specification": specification,
            "versions": environment.versions(),
            "notices": notices,
            **{key: value for key, value in summary.items() if key not in ("scores", "companions")},
        }
        all_scores = {**scores_json(comparison), "companions": beside, "details": details, "changes": changes}
        rows = prediction_rows(setting, gold, before, after)
        record = records.write(out or environment.runs_folder(), run_json, all_scores, rows, model.save)
    summary["record"] = str(record.folder)
    return Result(summary, comparison, changes, notices, record)


def _select(
    spec: Specification, entry: MethodEntry, setting: Setting, problem: Problem, host: Host, clock: Clock
) -> Choice | None:
    """The settings that a selector chooses from the grid; None where none is asked for."""
    from workbench.choosing.grid import choose
    from workbench.choosing.selectors import ORACLE

    if not spec.select:
        if spec.grid:
            raise UsageError("--grid needs a selector: give --select NAME (see 'wb run METHOD --help')")
        return None
    oracle, selector = None, None
    if spec.select == ORACLE:
        if not spec.allow_target_labels:
            raise UsageError(
                "--select oracle looks at the target's labels: give --allow-target-labels, or another selector"
            )
        evaluator = host.evaluators.for_task(setting.task_name)[0].load()()

        def oracle(model: Model) -> float:
            gold = setting.gold()
            scores = evaluator.score(gold, model.predict(gold.inputs), problem)
            metric = next(iter(scores.metrics.values()))
            return metric.value if metric.higher_is_better else -metric.value
    else:
        selector = host.selectors.get(spec.select).load()()
    with clock.stage("select"):
        return choose(
            lambda values: make(entry, values, host),
            spec.settings,
            spec.grid,
            problem,
            spec.select,
            selector,
            clock.progress,
            oracle,
        )


def _fit_companions(
    entry: MethodEntry, method: Method, setting: Setting, problem: Problem, host: Host, clock: Clock
) -> dict[str, Model]:
    """The further methods that stand beside this one, with the settings that they share with it."""
    models = {}
    for name in entry.companions:
        other = host.methods.get(name, setting.task_name)
        shared = method.params.shared_with(other.load().Params)
        with clock.stage("fit companions"):
            models[name] = make(other, shared, host).fit(problem, clock.progress)
    return models
