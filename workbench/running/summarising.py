"""From the scored models of a run to its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from workbench import environment
from workbench.choosing.grid import Choice
from workbench.data.domains import Domain
from workbench.data.inputs import Shape
from workbench.methods.contract import Method
from workbench.plugins.entries import Entry, MethodEntry
from workbench.running.estimating import Estimated
from workbench.running.judging import Judge, documents_of
from workbench.running.one_run import Run
from workbench.running.opened import RunData, counts
from workbench.running.outcome import ESTIMATED, Changes, DomainSummary, Estimates, Outcome, Reference
from workbench.running.participants import entries_behind, named_in, participants
from workbench.running.trial import Trial
from workbench.scoring.comparing import compare, decide, differences, estimates, supported
from workbench.scoring.scales import scales_of


def summarise(
    run: Run, trial: Trial, selection: Choice | None, judge: Judge, missing: str, estimated: Estimated
) -> Outcome:
    """All that is told of the run but its record."""
    fitted, seed = trial.adapted.fitted, run.problem.seed
    entry, method, model = fitted.entry, fitted.method, fitted.model
    before, after = trial.baseline.scores if trial.baseline is not None else None, trial.adapted.scores
    settings = method.params.model_dump()
    return Outcome(
        method=entry.name,
        task=entry.task,
        variant=entry.variant,
        baseline=trial.baseline.fitted.entry.name if trial.baseline is not None else None,
        source=_source(run),
        target=_target(run, trial),
        protocol=run.data.protocol,
        seed=seed,
        settings=settings,
        resolved=dict(model.resolved),
        floor=run.spec.floor,
        stochastic=method.stochastic or run.spec.source_size is not None,
        comparison=compare(before, after, seed, run.spec.floor) if after is not None else None,
        estimates=estimated.accuracies,
        shares=estimated.shares,
        temperature=estimated.temperature,
        reference=_reference(run, trial, estimated.accuracies),
        companions={
            other.fitted.entry.name: estimates(other.scores, seed)
            for other in trial.companions
            if other.scores is not None
        },
        selection=selection,
        seconds=run.clock.seconds,
        peak_memory_mb=round(environment.peak_memory_mb(), 1),
        plugins=participants(run.host, _entries(run, entry, settings, estimated.accuracies)),
        typed_inputs=has_typed_inputs(trial.predicted),
        inputs=Shape.of(trial.predicted.inputs),
        advice=tuple(dict.fromkeys(corpus.advice for corpus in run.data.corpora() if corpus.advice)),
        notes=dict(model.notes),
        warnings=tuple(model.warnings),
        notices=_notices(run, trial, judge, missing),
        details={
            "adapted": dict(after.details) if after is not None else {},
            "baseline": dict(before.details) if before is not None else {},
        },
        changes=_changes(run, trial, judge),
    )


def _entries(run: Run, entry: MethodEntry, settings: dict[str, Any], estimated: Estimates | None) -> list[Entry]:
    """Everything that took part."""
    estimators = [run.host.estimators.get(estimated.estimator)] if estimated is not None else []
    return [*entries_behind(run.host, entry), *named_in(run.host, settings), *estimators]


def _changes(run: Run, trial: Trial, judge: Judge) -> Changes:
    gold = trial.gold
    if trial.baseline is None or gold is None:
        return Changes()
    before, after = (gold.chosen(side.predictions) for side in (trial.baseline, trial.adapted))
    return judge.changes(gold.domain, before, after, run.problem)


def _reference(run: Run, trial: Trial, estimated: Estimates | None) -> Reference | None:
    """The plain reference's figures and the adapted model's distance from them; estimated where nothing is scored."""
    reference, adapted, seed = trial.reference, trial.adapted, run.problem.seed
    if reference is None:
        return None
    if reference.scores is not None and adapted.scores is not None:
        scores, change = estimates(reference.scores, seed), differences(reference.scores, adapted.scores, seed)
        first = next(iter(adapted.scores.metrics))
        verdict = decide(change[first], scales_of(adapted.scores.metrics)[first], run.spec.floor)
    elif estimated is not None and estimated.over_reference is not None:
        scores, change = {ESTIMATED: estimated.reference[estimated.estimator]}, {ESTIMATED: estimated.over_reference}
        verdict = supported(estimated.over_reference)
    else:
        return None
    return Reference(
        method=reference.fitted.entry.name,
        settings=reference.fitted.method.params.model_dump(),
        resolved=dict(reference.fitted.model.resolved),
        scores=scores,
        difference=change,
        verdict=verdict,
        is_baseline=trial.baseline is not None and reference.fitted is trial.baseline.fitted,
    )


def _source(run: Run) -> DomainSummary:
    corpora, task = run.data.sources, run.data.task
    return DomainSummary(
        name="+".join(corpus.name for corpus in corpora),
        edition="+".join(dict.fromkeys(corpus.edition for corpus in corpora)),
        counts=counts(run.problem.source, task),
        unlabelled_counts=counts(run.problem.source_unlabelled, task),
        columns=corpora[0].columns,
    )


def _target(run: Run, trial: Trial) -> DomainSummary:
    corpus, task, gold = run.data.target, run.data.task, trial.gold
    return DomainSummary(
        name=corpus.name,
        edition=corpus.edition,
        counts=counts(gold.domain, task) | _documents(gold.domain) if gold is not None else {},
        predicted_counts=counts(trial.predicted, task),
        labelled=run.data.label_count.labelled,
        unlabelled_counts=counts(run.problem.target, task),
        columns=corpus.columns,
    )


def _documents(gold: Domain) -> dict[str, int]:
    """How many documents the scored examples are from, where these are what intervals and tests resample."""
    documents = documents_of(gold)
    return {} if documents is None else {"documents": len(np.unique(documents))}


def _notices(run: Run, trial: Trial, judge: Judge, missing: str) -> tuple[str, ...]:
    of_data = [notice for corpus in run.data.corpora() for notice in corpus.notices]
    of_gold = judge.notices_of(trial.gold.domain, run.problem) if trial.gold is not None else []
    return (*of_data, *_labels_in_words(run.data), *of_gold, *judge.notices, *([missing] if missing else []))


def _labels_in_words(data: RunData) -> list[str]:
    """What is to be known of a target of which not every example is scored."""
    count, name = data.label_count, data.target.name
    if data.specification.target_labels == "none" and count.labelled:
        return [f"{name}: {count.labelled:,} of {count.examples:,} examples carry labels, which are not read"]
    if data.learns_from_target:
        return [f"{name}: source and target are one file; its labelled examples were learnt from, so none is scored"]
    if count.foreign:
        return [f"{name}: its labels are none of the source's classes; they are not taken for labels"]
    if data.has_gold and count.labelled < count.examples:
        unlabelled = count.examples - count.labelled
        return [f"{name}: scored on the {count.labelled:,} labelled examples; {unlabelled:,} have no label"]
    return []


def specification_of(run: Run, method: Method) -> Mapping[str, Any]:
    """The specification with every default filled in and the data's digests: what the record's digest is of."""
    return {
        **run.spec.as_dict(),
        "settings": method.params.model_dump(),
        "given": dict(run.spec.settings),
        "split": run.data.evaluation_split,
        "data": {corpus.name: {"edition": corpus.edition, **corpus.digests} for corpus in run.data.corpora()},
    }


def has_typed_inputs(domain: Domain) -> bool:
    """Whether an example is something that a user can type: a text, or a sentence of words."""
    first = domain.inputs[0] if isinstance(domain.inputs, list) and domain.inputs else None
    return isinstance(first, str) or (isinstance(first, list) and bool(first) and isinstance(first[0], str))
