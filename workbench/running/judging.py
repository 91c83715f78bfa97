"""Scoring a run's predictions by every evaluator of its task: the task's own decides, others stand below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import numpy as np

from workbench.data.domains import Domain, Predictions, Problem
from workbench.errors import UsageError
from workbench.plugins.entries import EvaluatorEntry
from workbench.plugins.isolation import isolated
from workbench.plugins.loading import Host
from workbench.running.outcome import Changes
from workbench.scoring.evaluators import Evaluator
from workbench.scoring.metrics import Metric, Scores

T = TypeVar("T")

FEWEST_DOCUMENTS = 20
"""Fewer documents than these are too few to resample: the examples are resampled as if each stood alone."""


@dataclass(frozen=True)
class Judge:
    """The evaluators of a task, those of the task's own plugin first.

    An evaluator of another plugin that cannot be imported or raises is named in :attr:`notices` and leaves the others
    alone.
    """

    evaluators: tuple[tuple[EvaluatorEntry, Evaluator], ...]
    own: str
    """The plugin of the task."""
    notices: list[str]

    @classmethod
    def of(cls, host: Host, task: str) -> Judge:
        """The judge of a task. Raises :class:`UsageError` where no plugin scores it."""
        own = host.tasks.get(task).plugin
        entries = sorted(host.evaluators.for_task(task), key=lambda entry: (entry.plugin != own, entry.key))
        if not entries:
            raise UsageError(f"no evaluator for task '{task}'; install a plugin that has one")
        judge = cls((), own, [])
        made = ((entry, judge._isolated(entry, partial(_made, entry))) for entry in entries)
        return replace(judge, evaluators=tuple((entry, one) for entry, one in made if one is not None))

    def score(self, gold: Domain, predictions: Predictions, problem: Problem) -> Scores:
        """All figures of one model; a figure of another plugin has that plugin's name in its title."""
        metrics: dict[str, Metric] = {}
        details: dict[str, Any] = {}
        for entry, evaluator in self.evaluators:
            scores = self._isolated(entry, partial(_scored, evaluator, gold, predictions, problem))
            for name, metric in scores.metrics.items() if scores is not None else ():
                metrics.setdefault(name, metric if entry.plugin == self.own else _attributed(metric, name, entry))
            details |= dict(scores.details) if scores is not None else {}
        documents = documents_of(gold)
        if documents is not None:
            metrics = {n: m.clustered(documents) if len(m.statistics) == len(gold) else m for n, m in metrics.items()}
        return Scores(metrics, details)

    def changes(self, gold: Domain, before: Predictions, after: Predictions, problem: Problem) -> Changes:
        """What changed between two models, as every evaluator tells it; the first to say a thing is heard."""
        merged: dict[str, Any] = {}
        for entry, evaluator in self.evaluators:
            changes = self._isolated(entry, partial(evaluator.changes, gold, before, after, problem))
            merged = {**(changes or {}), **merged}
        return Changes.model_validate(merged)

    def notices_of(self, gold: Domain, problem: Problem) -> list[str]:
        """What makes the scores hard to compare."""
        notices: list[str] = []
        for entry, evaluator in self.evaluators:
            notices += self._isolated(entry, partial(evaluator.notices, gold, problem)) or []
        return notices

    def _isolated(self, entry: EvaluatorEntry, step: Callable[[], T]) -> T | None:
        """What ``step`` returns; of another plugin's evaluator that raises, None and a notice."""
        if entry.plugin == self.own:
            return step()
        result = None
        with isolated(entry, self._note):
            result = step()
        return result

    def _note(self, line: str) -> None:
        if line not in self.notices:
            self.notices.append(line)


def _made(entry: EvaluatorEntry) -> Evaluator:
    evaluator: Evaluator = entry.load()()
    return evaluator


def _scored(evaluator: Evaluator, gold: Domain, predictions: Predictions, problem: Problem) -> Scores:
    """What the evaluator gives. Each figure is computed here once, so that one which cannot be is told as its fault."""
    scores = evaluator.score(gold, predictions, problem)
    if not isinstance(scores, Scores):
        raise TypeError(f"score must return Scores, not {type(scores).__name__}")
    for metric in scores.metrics.values():
        _ = metric.value
    return scores


def documents_of(gold: Domain) -> np.ndarray | None:
    """The documents that intervals and tests resample; None where they are unknown or too few to say anything."""
    if gold.documents is None or len(np.unique(gold.documents)) < FEWEST_DOCUMENTS:
        return None
    return gold.documents


def _attributed(metric: Metric, name: str, entry: EvaluatorEntry) -> Metric:
    return replace(metric, title=f"{metric.title or name} ({entry.plugin})")
