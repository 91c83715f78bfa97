"""One run, from names to record: fit the baseline and the method, predict, score, compare, write."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from workbench import environment, problems, records
from workbench.corpora import Corpus
from workbench.domains import Domain, Predictions, Problem
from workbench.errors import UsageError
from workbench.methods import Method, Model
from workbench.plugins import Host, load
from workbench.problems import Setting, Specification
from workbench.progress import Progress
from workbench.registry import MethodEntry
from workbench.scoring import Comparison, Scores, compare, estimate
from workbench.selection import Choice
from workbench.variants import variant


@dataclass(eq=False)
class Result:
    """What a run found: the content of ``--json`` and of the record."""

    summary: dict[str, Any]
    comparison: Comparison = field(repr=False)
    changes: dict[str, Any] = field(repr=False)
    notices: list[str]
    record: records.Record | None

    @property
    def verdict(self) -> str:
        return self.comparison.verdict


class Clock:
    """Seconds of each stage, told to the progress as they begin."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        with self.progress.stage(name):
            yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


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
        setting = problems.open_setting(spec, host)
        problem = setting.problem()
    entry = variant(host, spec.method, {**spec.settings, **spec.grid}, problem)
    chosen = _select(spec, entry, setting, problem, host, clock)
    settings = {**spec.settings, **(chosen.chosen if chosen else {})}
    method = make(entry, settings, host)
    if method.needs_shots and not spec.shots:
        raise UsageError(f"method '{entry.name}' needs a few labelled target examples: give --shots K")
    specification = _complete(spec, setting, method)
    progress.describe(_opening(entry, setting, problem))

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
        comparison, changes, details, notices = _score(host, setting, gold, before, after, problem)
        beside = {name: _figures(host, setting, gold, said, problem) for name, said in others.items()}

    summary = _summary(entry, base_entry, setting, problem, gold, comparison, clock, specification)
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
        scores_json = {**_scores_json(comparison), "companions": beside, "details": details, "changes": changes}
        rows = _rows(setting, gold, before, after)
        record = records.write(out or environment.runs_folder(), run_json, scores_json, rows, model.save)
    summary["record"] = str(record.folder)
    return Result(summary, comparison, changes, notices, record)


def _select(
    spec: Specification, entry: MethodEntry, setting: Setting, problem: Problem, host: Host, clock: Clock
) -> Choice | None:
    """The settings that a selector chooses from the grid; None where none is asked for."""
    from workbench.problems import ORACLE
    from workbench.selection import choose

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


def make(entry: MethodEntry, settings: Mapping[str, Any], host: Host | None = None) -> Method:
    """The method with validated settings."""
    method_type: type[Method] = entry.load()
    return method_type(method_type.Params.parse(settings, where=f"method '{entry.name}'"), host)


def _complete(spec: Specification, setting: Setting, method: Method) -> dict[str, Any]:
    """The specification with every default filled in and the data's digests: what the digest stands for."""
    return {
        **spec.as_dict(),
        "settings": method.params.model_dump(),
        "split": setting.evaluation_split,
        "data": {corpus.name: {"edition": corpus.edition, **corpus.digests} for corpus in setting.corpora()},
    }


def _opening(entry: MethodEntry, setting: Setting, problem: Problem) -> list[str]:
    """What will run, for people: method, pair, editions, counts, protocol."""

    def said(domain: Domain | None) -> str:
        return ", ".join(f"{n:,} {what}" for what, n in problems.counts(domain, setting.task).items())

    def edition(corpus: Corpus) -> str:
        return corpus.title or corpus.edition

    lines = [f"{entry.name}: {' + '.join(c.name for c in setting.sources)} → {setting.target.name} ({entry.task})"]
    for corpus, domain in zip(setting.sources, problem.sources, strict=False):
        lines.append(f"  source      {corpus.name}, {edition(corpus)}: {said(domain)} labelled")
    if problem.source_unlabelled is not None:
        lines.append(f"              {said(problem.source_unlabelled)} unlabelled")
    lines.append(f"  target      {setting.target.name}, {edition(setting.target)}: {said(problem.target)} unlabelled")
    if problem.shots is not None:
        lines.append(f"              {said(problem.shots)} labelled (shots)")
    lines.append(f"  protocol    {setting.protocol}; seed {problem.seed}")
    return lines


def _score(
    host: Host,
    setting: Setting,
    gold: Domain,
    before: Predictions | None,
    after: Predictions,
    problem: Problem,
) -> tuple[Comparison, dict[str, Any], dict[str, Any], list[str]]:
    """Every evaluator of the task, merged; the first evaluator's first figure decides."""
    evaluators = [entry.load()() for entry in host.evaluators.for_task(setting.task_name)]
    if not evaluators:
        raise UsageError(f"no evaluator for task '{setting.task_name}'; install a plugin that has one")
    adapted = _merge([e.score(gold, after, problem) for e in evaluators])
    baseline = None if before is None else _merge([e.score(gold, before, problem) for e in evaluators])
    changes: dict[str, Any] = {}
    if before is not None:
        for evaluator in evaluators:
            changes.update(evaluator.changes(gold, before, after, problem))
    details = {"adapted": dict(adapted.details), "baseline": dict(baseline.details) if baseline else {}}
    notices = [notice for e in evaluators for notice in e.notices(gold, problem)]
    return compare(baseline, adapted, problem.seed), changes, details, notices


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


def _figures(
    host: Host, setting: Setting, gold: Domain, predictions: Predictions, problem: Problem
) -> dict[str, dict[str, float]]:
    """Each figure of one model with its interval, as JSON."""
    evaluators = [entry.load()() for entry in host.evaluators.for_task(setting.task_name)]
    metrics = _merge([e.score(gold, predictions, problem) for e in evaluators]).metrics
    return {name: asdict(estimate(metric, problem.seed)) for name, metric in metrics.items()}


def _merge(scores: list[Scores]) -> Scores:
    metrics = {name: metric for s in reversed(scores) for name, metric in s.metrics.items()}
    order = list(dict.fromkeys(name for s in scores for name in s.metrics))
    details = {key: value for s in scores for key, value in s.details.items()}
    return Scores({name: metrics[name] for name in order}, details)


def _summary(
    entry: MethodEntry,
    base_entry: MethodEntry | None,
    setting: Setting,
    problem: Problem,
    gold: Domain,
    comparison: Comparison,
    clock: Clock,
    specification: dict[str, Any],
) -> dict[str, Any]:
    task = setting.task
    source = {
        "name": "+".join(corpus.name for corpus in setting.sources),
        "edition": "+".join(dict.fromkeys(corpus.edition for corpus in setting.sources)),
        "counts": problems.counts(problem.source, task),
        "unlabelled_counts": problems.counts(problem.source_unlabelled, task),
    }
    target = {
        "name": setting.target.name,
        "edition": setting.target.edition,
        "counts": problems.counts(gold, task),
        "unlabelled_counts": problems.counts(problem.target, task),
    }
    return {
        "method": entry.name,
        "task": entry.task,
        "variant": entry.variant,
        "baseline": base_entry.name if base_entry and setting.specification.baseline else None,
        "source": source,
        "target": target,
        "protocol": setting.protocol,
        "seed": problem.seed,
        "settings": specification["settings"],
        "scores": {key: _scores_json(comparison)[key] for key in ("baseline", "adapted")},
        "difference": _scores_json(comparison)["difference"],
        "verdict": comparison.verdict,
        "seconds": clock.seconds,
        "peak_memory_mb": round(environment.peak_memory_mb(), 1),
        "typed_inputs": _typed(gold),
        "advice": [corpus.advice for corpus in setting.corpora() if corpus.advice],
    }


def _typed(domain: Domain) -> bool:
    """Whether an example is something that a user can type: a text, or a sentence of words."""
    first = domain.inputs[0] if isinstance(domain.inputs, list) and domain.inputs else None
    return isinstance(first, str) or (isinstance(first, list) and bool(first) and isinstance(first[0], str))


def _scores_json(comparison: Comparison) -> dict[str, Any]:
    return {
        "baseline": {name: asdict(value) for name, value in comparison.baseline.items()},
        "adapted": {name: asdict(value) for name, value in comparison.adapted.items()},
        "difference": {name: asdict(value) for name, value in comparison.difference.items()},
        "titles": comparison.titles,
        "verdict": comparison.verdict,
    }


def _rows(setting: Setting, gold: Domain, before: Predictions | None, after: Predictions) -> Iterator[dict[str, Any]]:
    """The lines of predictions.jsonl: the input, the gold, and what each model said."""
    task = setting.task
    adapted = task.rows(gold.inputs, after.labels, after.classes)
    truth = task.rows(gold.inputs, gold.labels, gold.classes)
    other = task.rows(gold.inputs, before.labels, before.classes) if before is not None else None
    for row, right in zip(adapted, truth, strict=True):
        line = {"input": row["input"], "gold": right["label"], "adapted": row["label"]}
        if other is not None:
            line["baseline"] = next(other)["label"]
        yield line
