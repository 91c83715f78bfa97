"""Scoring a run's predictions by every evaluator of its task."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from workbench.data.domains import Domain, Predictions, Problem
from workbench.errors import UsageError
from workbench.plugins.loading import Host
from workbench.running.opened import Setting
from workbench.scoring.comparing import Comparison, compare, estimate
from workbench.scoring.metrics import Scores


def score(
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


def figures_of(
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
