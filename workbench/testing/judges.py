"""Checks of what judges: evaluators, selectors, estimators, and checks of pairs of domains."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import get_args

import numpy as np

from workbench.choosing.candidates import Candidate
from workbench.choosing.estimators import Estimator, lacking
from workbench.choosing.grid import hold_out
from workbench.choosing.selectors import Selector
from workbench.data.checks import Check as PairCheck
from workbench.data.checks import Finding, NotApplicable, Status
from workbench.data.domains import Domain, Predictions, Problem
from workbench.data.inputs import LabelKind
from workbench.data.pairs import Pair
from workbench.errors import WbError
from workbench.methods.feature_method import FeatureMethod
from workbench.methods.variants import make
from workbench.plugins.entries import CheckEntry, EstimatorEntry, EvaluatorEntry, MethodEntry, SelectorEntry
from workbench.plugins.loading import Host
from workbench.progress import Progress
from workbench.scoring.evaluators import Evaluator
from workbench.scoring.metrics import Scores
from workbench.testing.checking import Check, Failed, require, run_all
from workbench.testing.examples import example, relabelled_at_random, sure, task_of


def check_evaluator(entry: EvaluatorEntry, host: Host) -> list[Check]:
    """Figures that can be computed, prefer the truth, and compare classes by name."""

    def pair() -> tuple[Domain, Problem, Predictions, Predictions]:
        source, gold = example(task_of(entry.task, host), (), 0)
        right, wrong = (sure(domain.labels, gold.classes) for domain in (gold, relabelled_at_random(gold)))
        return gold, Problem(entry.task, (source,), gold.unlabelled()), right, wrong

    def contract() -> None:
        require(entry.summary, "registered without a summary")
        kind = entry.load()
        require(
            isinstance(kind, type) and issubclass(kind, Evaluator), "the factory is no subclass of workbench.Evaluator"
        )
        task_of(entry.task, host)

    def figures() -> None:
        gold, problem, right, wrong = pair()
        scores = [entry.load()().score(gold, predictions, problem) for predictions in (right, wrong)]
        for given in scores:
            require(isinstance(given, Scores) and given.metrics, "score must return Scores with at least one metric")
        for name, metric in scores[0].metrics.items():
            shape = np.shape(metric.statistics)
            require(len(shape) == 2 and shape[0] > 1, f"'{name}' needs statistics of each cluster, shape (n, k)")
            named = metric.compute in entry.load().computes
            require(named, f"'{name}' is computed by a function that the class attribute 'computes' does not hold")
            best, other = metric.value, scores[1].metrics[name].value
            better = best >= other if metric.higher_is_better else best <= other
            require(
                math.isnan(best) or math.isnan(other) or better, f"'{name}' prefers wrong predictions to right ones"
            )
        json.dumps(scores[1].details, default=float)

    def by_name() -> None:
        gold, problem, _, wrong = pair()
        if len(gold.classes) < 2:
            return
        classes = tuple(reversed(gold.classes))
        turned = Domain(gold.name, gold.task, gold.inputs, wrong.labels, gold.classes).relabelled(classes)
        one = entry.load()().score(gold, wrong, problem).metrics
        two = entry.load()().score(gold, sure(turned.labels, classes), problem).metrics
        for name, metric in one.items():
            same = np.isclose(metric.value, two[name].value, equal_nan=True)
            require(same, f"'{name}' changes with the order of the predictions' classes: compare classes by name")

    def changes() -> None:
        gold, problem, right, wrong = pair()
        evaluator = entry.load()()
        json.dumps(evaluator.changes(gold, wrong, right, problem), default=float)
        require(all(isinstance(line, str) for line in evaluator.notices(gold, problem)), "a notice is no line of text")

    steps = (("figures", figures), ("classes by name", by_name), ("changes", changes))
    return run_all(f"{entry.name} (evaluator, {entry.task})", ("contract", contract), *steps)


def check_selector(entry: SelectorEntry, host: Host) -> list[Check]:
    """A finite score, and the same one for the same candidate."""

    def contract() -> None:
        require(entry.summary, "registered without a summary")
        kind = entry.load()
        require(isinstance(kind, type) and issubclass(kind, Selector), "the factory is not a subclass of Selector")

    def scores() -> None:
        selector = entry.load()
        given = candidate(host, selector.needs_held_out, selector.takes_labels[0])
        first, second = (entry.load()().score(given) for _ in range(2))
        require(isinstance(first, float) and math.isfinite(first), f"its score is {first!r}, not a finite float")
        require(first == second, "the same candidate is scored differently the second time")

    return run_all(f"{entry.name} (selector)", ("contract", contract), ("scores a candidate", scores))


def check_estimator(entry: EstimatorEntry, host: Host) -> list[Check]:
    """A share with an interval that holds it, the same one each time, and no difference of a model from itself."""

    def contract() -> None:
        require(entry.summary, "registered without a summary")
        kind = entry.load()
        require(isinstance(kind, type) and issubclass(kind, Estimator), "the factory is not a subclass of Estimator")

    def estimates() -> None:
        kind = entry.load()
        for label_kind in kind.takes_labels:
            given = candidate(host, True, label_kind)
            if lacking(kind, given):
                continue
            first, second = (kind().estimate(given) for _ in range(2))
            require(0 <= first.low <= first.value <= first.high <= 1, f"{first} is no share inside its interval")
            require(first == second, "the same model is estimated differently the second time")
            change = kind().estimate_difference(given, given)
            require(change.low <= 0 <= change.high, f"a model differs from itself by {change}")

    return run_all(f"{entry.name} (estimator)", ("contract", contract), ("estimates", estimates))


def check_pair_check(entry: CheckEntry, host: Host) -> list[Check]:
    """A finding for every task's example that can be stored, the same one each time."""

    def contract() -> None:
        require(entry.summary, "registered without a summary")
        kind = entry.load()
        require(isinstance(kind, type) and issubclass(kind, PairCheck), "the factory is not a subclass of Check")
        require(kind.code, "it has no code")

    def found(check: PairCheck, pair: Pair) -> Finding:
        try:
            return check.check(pair)
        except NotApplicable as error:
            return Finding(check.code, "not applicable", str(error))

    def finds() -> None:
        for task in host.tasks:
            source, target = example(task.load()(), (), 0)
            problem = Problem(task.name, (source,), target.unlabelled(), seed=3)
            first, second = (found(entry.load()(), Pair(problem, host)) for _ in range(2))
            require(isinstance(first, Finding), f"for {task.name} it returns no Finding")
            require(first.status in get_args(Status), f"for {task.name} its status is {first.status!r}")
            require(first.message, f"for {task.name} its finding has no message")
            require(first.code == entry.load().code, f"for {task.name} its finding has another code than the check")
            require(first == second, f"for {task.name} it finds something else the second time")
            json.dumps(asdict(first))

    return run_all(f"{entry.name} (check)", ("contract", contract), ("finds", finds))


def baseline(host: Host, label_kind: LabelKind = "classes") -> MethodEntry:
    """A method for labels of that kind that is nobody's adaptation, over features where there is one.

    Raises :class:`Failed` for none.
    """
    fitting = [
        entry
        for entry in host.methods
        if not entry.baseline and not entry.extra and task_of(entry.task, host).label_kind == label_kind
    ]
    require(fitting, f"no installed method for labels of the kind '{label_kind}' could be fitted to try it on")
    return next((entry for entry in fitting if issubclass(entry.load(), FeatureMethod)), fitting[0])


def candidate(host: Host, held_out: bool, label_kind: LabelKind = "classes") -> Candidate:
    """A fitted baseline as selectors and estimators are given it, on the example of its task."""
    entry = baseline(host, label_kind)
    source, target = example(task_of(entry.task, host), entry.load().takes, 0)
    problem = Problem(entry.task, (source,), target.unlabelled(), transductive=True, seed=3)
    held = None
    if held_out:
        problem, held = hold_out(problem, label_kind, host)
    method = make(entry, entry.load().trial, host)
    try:
        model = method.fit(problem, Progress())
    except WbError as error:
        raise Failed(f"'{entry.name}' cannot be fitted to try it on: {error}") from None
    predictions = model.predict(problem.target.inputs)
    return Candidate(model, problem, held, predictions, lambda other: method.fit(other, Progress()), label_kind)
