"""One contestant on one pair, fitted as a run fits it, and everything that an estimator needs of it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from audited import About, Arrays
from contestants import Contestant
from pairs import Collection, Pair

from workbench.choosing.candidates import Candidate, probabilities_of
from workbench.choosing.grid import hold_out
from workbench.data.domains import Domain, Problem
from workbench.methods.contract import Method, Model
from workbench.methods.measures import proxy_a_distance
from workbench.methods.variants import choose_variant, make
from workbench.plugins.loading import Host
from workbench.progress import Progress
from workbench.running.opened import RunData, open_data
from workbench.running.specification import Specification

PATIENCE = 60.0
"""CPU seconds of a fit from which on nothing is fitted again: no second training, no selector that refits."""


@dataclass(frozen=True, eq=False)
class Opened:
    """The data of a pair, its split of the source, and the gold."""

    pair: Pair
    data: RunData
    problem: Problem
    training: Problem
    held_out: Domain
    second_training: Problem
    gold: Domain
    host: Host
    ratios: dict[str, np.ndarray] = field(default_factory=dict)
    """Density ratios of the held-out examples by features and scaling: the same for every method."""

    @classmethod
    def of(cls, pair: Pair, host: Host) -> Opened:
        data = open_data(Specification("", (pair.source,), pair.target), host)
        problem, kind = data.problem(), data.task.label_kind
        training, held_out = hold_out(problem, kind)
        second, _ = hold_out(replace(problem, seed=problem.seed + 1), kind)
        gold = data.gold()
        return cls(pair, data, problem, training, held_out, second, gold, host)

    @property
    def gold_labels(self) -> np.ndarray:
        """(m,), of sequences a label for each token: ids of the problem's classes, -1 for others."""
        position = {name: i for i, name in enumerate(self.problem.classes)}
        lookup = np.array([position.get(name, -1) for name in self.gold.classes])
        return lookup[flat(self.gold.labels)]


def flat(labels: Any) -> np.ndarray:
    """Labels of all tokens in a row; the labels of examples as they are."""
    return np.asarray(labels) if isinstance(labels, np.ndarray) else np.concatenate([np.asarray(r) for r in labels])


def lengths(labels: Any) -> np.ndarray:
    return np.zeros(0, dtype=int) if isinstance(labels, np.ndarray) else np.array([len(row) for row in labels])


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
    host, problem, task = opened.host, opened.problem, opened.data.task
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
    """Fit the method three times (whole source, without a fifth, without another fifth) and keep what they say."""
    method = planned.method
    whole, seconds = _fitted(method, opened.problem)
    kept, _ = _fitted(method, opened.training)
    again = seconds < PATIENCE
    second = method.fit(opened.second_training, Progress()) if again else None
    of_whole, of_kept = (model.predict(opened.gold.inputs) for model in (whole, kept))
    of_held_out = kept.predict_source(opened.held_out.inputs)
    nothing = np.zeros(0, dtype=int)
    arrays = Arrays(
        target=probabilities_of(of_kept),
        target_predicted=flat(of_kept.labels),
        held_out=probabilities_of(of_held_out),
        held_out_predicted=flat(of_held_out.labels),
        held_out_labels=flat(opened.held_out.labels),
        whole=probabilities_of(of_whole),
        whole_predicted=flat(of_whole.labels),
        second_predicted=flat(second.predict(opened.gold.inputs).labels) if second else nothing,
        second_held_out_predicted=flat(second.predict_source(opened.held_out.inputs).labels) if second else nothing,
        ratios=_ratios(_candidate(kept, method, opened.training, opened.held_out, opened), opened),
        target_lengths=lengths(of_kept.labels),
        held_out_lengths=lengths(of_held_out.labels),
    )
    candidate = _candidate(whole, method, opened.problem, None, opened)
    scores, costs = _selector_scores(candidate, opened.host, again)
    gold = opened.gold_labels
    done = replace(
        planned.about,
        seconds=seconds,
        accuracy=float(np.mean(arrays.whole_predicted == gold)),
        kept_accuracy=float(np.mean(arrays.target_predicted == gold)),
        held_out_accuracy=float(np.mean(arrays.held_out_predicted == arrays.held_out_labels)),
        selectors=scores,
        selector_seconds=costs,
    )
    return done, arrays


def measures(opened: Opened, reference: Planned) -> dict[str, Any]:
    """What is known of a pair whatever the method: sizes, classes, and how far apart the domains are."""
    model, _ = _fitted(reference.method, opened.problem)
    candidate = _candidate(model, reference.method, opened.problem, None, opened)
    source, target = opened.problem.source, opened.problem.target
    distance = float("nan")
    if candidate.has_features:
        distance = proxy_a_distance(candidate.common(source.inputs), candidate.common(target.inputs))
    return {
        "classes": len(opened.problem.classes),
        "source": len(source),
        "target": len(target),
        "scored": len(opened.gold),
        "proxy_a_distance": distance,
    }


def _fitted(method: Method, problem: Problem) -> tuple[Model, float]:
    start = time.process_time()
    model = method.fit(problem, Progress())
    return model, time.process_time() - start


def _candidate(model: Model, method: Method, problem: Problem, held_out: Domain | None, opened: Opened) -> Candidate:
    predictions = model.predict(problem.target.inputs)
    kind = opened.data.task.label_kind
    return Candidate(model, problem, held_out, predictions, lambda other: method.fit(other, Progress()), kind)


def _ratios(candidate: Candidate, opened: Opened) -> np.ndarray:
    from wb_selection.validation import weighted_losses

    if not candidate.has_features:
        return np.zeros(0)
    space = str(sorted((k, v) for k, v in candidate.model.resolved.items() if k != "classifier"))
    if space not in opened.ratios:
        opened.ratios[space] = weighted_losses(candidate)[0]
    return opened.ratios[space]


def _selector_scores(candidate: Candidate, host: Host, again: bool) -> tuple[dict[str, float], dict[str, float]]:
    """The scores and CPU seconds of every registered selector that can score this candidate as it is."""
    scores: dict[str, float] = {}
    costs: dict[str, float] = {}
    for entry in host.selectors:
        selector = entry.load()()
        if (
            candidate.label_kind not in selector.takes_labels
            or selector.needs_held_out
            or (selector.needs_features and not candidate.has_features)
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
