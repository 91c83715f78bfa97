"""One contestant on one pair, fitted as a run fits it, and everything that an estimator needs of it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from audited import About, Arrays
from contestants import Contestant
from pairs import FEATURES, Collection, Pair

from wb_selection.estimators.heads import with_head
from wb_selection.estimators.weighted import density_ratios
from workbench.choosing.candidates import Candidate, probabilities_of
from workbench.choosing.estimators import CannotTell
from workbench.choosing.grid import hold_out
from workbench.data.domains import Domain, Problem
from workbench.data.inputs import concatenate, kind_of, select
from workbench.methods.contract import Method, Model
from workbench.methods.featurizers import choose, new_featurizer
from workbench.methods.measures import proxy_a_distance
from workbench.methods.variants import choose_variant, make
from workbench.plugins.loading import Host
from workbench.progress import Progress
from workbench.running.opened import RunData, open_data
from workbench.running.specification import Specification

PATIENCE = 60.0
"""CPU seconds of a fit from which on nothing is fitted again: no second training, no selector that refits."""

WIDEST = 5000
"""Features up to which selectors look at them: they make them dense, which takes minutes for those of texts."""


@dataclass(frozen=True, eq=False)
class Opened:
    """The data of a pair, its split of the source, and the gold.

    ``training`` is what a method is fitted to: the source without a fifth, which is ``held_out``; ``second_training``
    lacks another fifth.
    """

    pair: Pair
    data: RunData
    training: Problem
    held_out: Domain
    second_training: Problem
    gold: Domain
    host: Host

    @classmethod
    def of(cls, pair: Pair, host: Host, bank: Path) -> Opened:
        """Read a pair; ``bank`` is where feature files lie."""
        source, target = (str(bank / n) if n.startswith(f"{FEATURES}/") else n for n in (pair.source, pair.target))
        spec = Specification("", (source,), target, source_size=pair.source_size)
        data = open_data(spec, host)
        problem, gold = _as_features(data.problem(), data.gold(), host)
        kind = data.task.label_kind
        training, held_out = hold_out(problem, kind)
        second, _ = hold_out(replace(problem, seed=problem.seed + 1), kind)
        return cls(pair, data, training, held_out, second, gold, host)

    @property
    def gold_labels(self) -> np.ndarray:
        """(m,), of sequences a label for each token: ids of the problem's classes, -1 for others."""
        position = {name: i for i, name in enumerate(self.training.classes)}
        lookup = np.array([position.get(name, -1) for name in self.gold.classes])
        return lookup[flat(self.gold.labels)]


def flat(labels: Any) -> np.ndarray:
    """Labels of all tokens in a row; the labels of examples as they are."""
    return np.asarray(labels) if isinstance(labels, np.ndarray) else np.concatenate([np.asarray(r) for r in labels])


def lengths(labels: Any) -> np.ndarray:
    return np.zeros(0, dtype=int) if isinstance(labels, np.ndarray) else np.array([len(row) for row in labels])


def _as_features(problem: Problem, gold: Domain, host: Host) -> tuple[Problem, Domain]:
    """Texts as the features that ``auto`` takes for them, computed once for all methods; anything else as it is."""
    target = problem.target.inputs
    if kind_of(target) != "texts":
        return problem, gold
    featurizer = new_featurizer(choose("auto", target, host), host)
    assert featurizer is not None
    featurizer = featurizer.fit(concatenate([problem.source.inputs, target]))

    def as_features(domain: Domain) -> Domain:
        return replace(domain, inputs=featurizer.transform(domain.inputs))

    sources = tuple(map(as_features, problem.sources))
    return replace(problem, sources=sources, target=as_features(problem.target)), as_features(gold)


@dataclass(frozen=True, eq=False)
class Planned:
    """A run before it is made: its name says whether the bank has it."""

    about: About
    method: Method


def plan(of: Collection, opened: Opened, contestants: Iterable[Contestant]) -> list[Planned]:
    """The runs of a pair, each once: before every method what it is compared with."""
    planned: dict[str, Planned] = {}
    for contestant in contestants:
        _add(contestant, of, opened, planned)
    return list(planned.values())


def _add(contestant: Contestant, of: Collection, opened: Opened, planned: dict[str, Planned]) -> str:
    """Plan a run after its baseline and its reference; the run's name."""
    host, problem, task = opened.host, opened.training, opened.data.task
    entry = choose_variant(host, contestant.method, contestant.settings, problem)
    method = make(entry, contestant.settings, host)
    baseline = reference = ""
    if entry.baseline:
        other = host.methods.get(entry.baseline, problem.task)
        shared = method.baseline_settings(other.load(), problem)
        baseline = _add(Contestant(other.name, shared), of, opened, planned)
    if task.reference and entry.name != task.reference:
        given = {key: value for key, value in contestant.settings.items() if key in task.reference_settings}
        reference = _add(Contestant(task.reference, given), of, opened, planned)
    about = About(
        collection=of.name,
        group=of.group,
        source=opened.pair.source,
        target=opened.pair.target,
        task=problem.task,
        method=entry.name,
        variant=entry.variant,
        family=entry.family,
        settings=dict(contestant.settings),
        settled=method.settled(problem),
        baseline=baseline,
        reference=reference,
    )
    planned.setdefault(about.name, Planned(about, method))
    return about.name


def audit(planned: Planned, opened: Opened) -> tuple[About, Arrays]:
    """Fit the method to the source without a fifth, and again without another, and keep what both say."""
    method = planned.method
    model, seconds = _fitted(method, opened.training)
    candidate = _candidate(model, method, opened)
    again = seconds < PATIENCE
    second = method.fit(opened.second_training, Progress()) if again else None
    of_target, of_held_out = model.predict(opened.gold.inputs), candidate.held_out_predictions
    head_target, head_held_out = _head(candidate, opened)
    arrays = Arrays(
        target=probabilities_of(of_target),
        target_predicted=flat(of_target.labels),
        held_out=probabilities_of(of_held_out),
        held_out_predicted=flat(of_held_out.labels),
        held_out_labels=candidate.held_out_labels(),
        second_predicted=flat(second.predict(opened.gold.inputs).labels) if second else np.zeros(0, dtype=int),
        ratios=_ratios(candidate),
        head_target=head_target,
        head_held_out=head_held_out,
        target_lengths=lengths(of_target.labels),
        held_out_lengths=lengths(of_held_out.labels),
    )
    scores, costs = _selector_scores(candidate, opened.host, again)
    done = replace(
        planned.about,
        seconds=seconds,
        accuracy=float(np.mean(arrays.target_predicted == opened.gold_labels)),
        held_out_accuracy=float(np.mean(arrays.held_out_predicted == arrays.held_out_labels)),
        selectors=scores,
        selector_seconds=costs,
    )
    return done, arrays


def measures(opened: Opened, reference: Planned) -> dict[str, Any]:
    """What is known of a pair whatever the method: sizes, classes, and how far apart the domains are."""
    model, _ = _fitted(reference.method, opened.training)
    candidate = _candidate(model, reference.method, opened)
    source, target = opened.training.source, opened.training.target
    distance = float("nan")
    if candidate.has_features:
        distance = proxy_a_distance(candidate.common(source.inputs), candidate.common(target.inputs))
    return {
        "classes": len(opened.training.classes),
        "source": len(source),
        "target": len(target),
        "scored": len(opened.gold),
        "proxy_a_distance": distance,
    }


def _fitted(method: Method, problem: Problem) -> tuple[Model, float]:
    start = time.process_time()
    model = method.fit(problem, Progress())
    return model, time.process_time() - start


def _candidate(model: Model, method: Method, opened: Opened) -> Candidate:
    problem, kind = opened.training, opened.data.task.label_kind
    of_all = kind != "sequence"  # the pool of unlabelled sentences is large, and no selector scores sequences
    predictions = model.predict(problem.target.inputs if of_all else opened.gold.inputs)
    return Candidate(model, problem, opened.held_out, predictions, lambda p: method.fit(p, Progress()), kind)


def _ratios(candidate: Candidate) -> np.ndarray:
    try:
        return density_ratios(candidate)
    except CannotTell:
        return np.zeros(0)


def _head(candidate: Candidate, opened: Opened) -> tuple[np.ndarray, np.ndarray]:
    """The head's probabilities of scored and of held-out examples; empty for a model that has its own, or no features.

    The candidate's target is the unlabelled one, which may be another split than the scored examples.
    """
    if candidate.has_probabilities or not candidate.has_features:
        return np.zeros((0, 0)), np.zeros((0, 0))
    gold = opened.gold.unlabelled()
    predictions = candidate.model.predict(gold.inputs)
    scored = replace(candidate, problem=replace(candidate.problem, target=gold), predictions=predictions)
    evidence = with_head(scored)
    return evidence.target, evidence.held_out


def _selector_scores(candidate: Candidate, host: Host, again: bool) -> tuple[dict[str, float], dict[str, float]]:
    """The scores and CPU seconds of every registered selector that can score this candidate as it is."""
    scores: dict[str, float] = {}
    costs: dict[str, float] = {}
    first = select(candidate.problem.target.inputs, np.arange(1))
    narrow = candidate.has_features and candidate.common(first).shape[1] <= WIDEST
    for entry in host.selectors:
        selector = entry.load()()
        if (
            candidate.label_kind not in selector.takes_labels
            or (selector.needs_features and not (candidate.has_features and narrow))
            or (selector.needs_probabilities and not candidate.has_probabilities)
            or (selector.refits and not again)
        ):
            continue
        start = time.process_time()
        scores[entry.name] = float(selector.score(candidate))
        costs[entry.name] = time.process_time() - start
    return scores, costs


def failed(about: About, error: Exception) -> About:
    return replace(about, error=f"{type(error).__name__}: {error}".splitlines()[0])
