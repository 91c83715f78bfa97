"""One run, from names to record: fit the baseline and the method, predict, score, compare, write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench import environment
from workbench.choosing.grid import Choice
from workbench.data.domains import Domain, Predictions, Problem
from workbench.errors import UsageError, WbError
from workbench.methods.contract import Method, Model
from workbench.methods.variants import choose_variant, make
from workbench.plugins.entries import MethodEntry
from workbench.plugins.loading import Host, load
from workbench.progress import Progress
from workbench.running import records
from workbench.running.clock import Clock
from workbench.running.judging import Judge
from workbench.running.opened import RunData, counts, open_data
from workbench.running.opening_lines import opening_lines
from workbench.running.outcome import Changes, DomainSummary, Outcome, Reference
from workbench.running.participants import entries_behind, named_in, participants
from workbench.running.selecting import select_settings
from workbench.running.specification import Specification
from workbench.scoring.comparing import compare, decide, differences, estimates
from workbench.scoring.metrics import Scores
from workbench.scoring.scales import scales_of


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
    return Run.open(spec, host, progress).carry_out(out, parent or environment.runs_folder())


@dataclass(frozen=True, eq=False)
class Fitted:
    """A method that was fitted to the run's problem."""

    entry: MethodEntry
    method: Method
    model: Model


@dataclass(frozen=True, eq=False)
class Scored:
    """A fitted method and what it says of the scored examples."""

    fitted: Fitted
    predictions: Predictions
    scores: Scores


@dataclass(frozen=True, eq=False)
class Trial:
    """The models of a run, scored on the same examples."""

    adapted: Scored
    baseline: Scored | None
    reference: Scored | None
    companions: tuple[Scored, ...]


@dataclass(frozen=True, eq=False)
class Run:
    """One run: the host, the opened data, the problem that methods see, and the clock.

    The gold is read by :meth:`carry_out` after everything has been fitted; no method is given this object.
    """

    spec: Specification
    host: Host
    clock: Clock
    data: RunData
    problem: Problem

    @classmethod
    def open(cls, spec: Specification, host: Host, progress: Progress) -> Run:
        """Read the data. Raises :class:`WbError` where it cannot serve."""
        clock = Clock(progress)
        with clock.stage("read"):
            data = open_data(spec, host)
            problem = data.problem()
        return cls(spec, host, clock, data, problem)

    def carry_out(self, out: Path | None, parent: Path) -> Outcome:
        """Fit, predict, score, compare and write the record."""
        judge = Judge.of(self.host, self.data.task_name)
        entry, method, selection = self._method(judge)
        self.clock.progress.describe(opening_lines(entry, self.data, self.problem))
        baseline = self._fit_baseline(entry, method)
        adapted = self._fit(entry, method, "fit")
        companions = self._fit_companions(entry, method)
        reference, missing = self._fit_reference(entry, baseline)
        with self.clock.stage("predict"):
            gold = self.data.gold()
            models = [adapted, *companions, *([baseline] if baseline is not None else [])]
            models += [reference] if reference is not None and reference is not baseline else []
            predictions = [fitted.model.predict(gold.inputs) for fitted in models]
        with self.clock.stage("score"):
            judged = [
                Scored(f, p, judge.score(gold, p, self.problem)) for f, p in zip(models, predictions, strict=True)
            ]
            scored = dict(zip(map(id, models), judged, strict=True))
            trial = Trial(
                adapted=scored[id(adapted)],
                baseline=scored.get(id(baseline)),
                reference=scored.get(id(reference)),
                companions=tuple(scored[id(other)] for other in companions),
            )
            outcome = self._outcome(trial, selection, gold, judge, missing)
        with self.clock.stage("record"):
            record = records.write(self._content(trial, outcome, gold), out, parent)
        return outcome.model_copy(update={"record": record.folder})

    def _method(self, judge: Judge) -> tuple[MethodEntry, Method, Choice | None]:
        """The variant that runs, with the user's settings and those that a selector chose."""
        spec, host = self.spec, self.host
        entry = choose_variant(host, spec.method, {**spec.settings, **spec.grid}, self.problem, spec.variant)
        selection = select_settings(spec, entry, self.data, self.problem, judge, host, self.clock)
        method = make(entry, {**spec.settings, **(selection.chosen if selection else {})}, host)
        if method.needs_shots and not spec.shots:
            raise UsageError(f"method '{entry.name}' needs a few labelled target examples: give --shots K")
        return entry, method, selection

    def _outcome(self, trial: Trial, selection: Choice | None, gold: Domain, judge: Judge, missing: str) -> Outcome:
        """All that is told of the run but its record."""
        fitted, seed = trial.adapted.fitted, self.problem.seed
        entry, method, model = fitted.entry, fitted.method, fitted.model
        before = trial.baseline.scores if trial.baseline is not None else None
        settings = method.params.model_dump()
        return Outcome(
            method=entry.name,
            task=entry.task,
            variant=entry.variant,
            baseline=trial.baseline.fitted.entry.name if trial.baseline is not None else None,
            source=self._source(),
            target=self._target(gold),
            protocol=self.data.protocol,
            seed=seed,
            settings=settings,
            resolved=dict(model.resolved),
            floor=self.spec.floor,
            stochastic=method.stochastic or self.spec.source_size is not None,
            comparison=compare(before, trial.adapted.scores, seed, self.spec.floor),
            reference=self._reference(trial),
            companions={other.fitted.entry.name: estimates(other.scores, seed) for other in trial.companions},
            selection=selection,
            seconds=self.clock.seconds,
            peak_memory_mb=round(environment.peak_memory_mb(), 1),
            plugins=participants(self.host, [*entries_behind(self.host, entry), *named_in(self.host, settings)]),
            typed_inputs=has_typed_inputs(gold),
            advice=tuple(dict.fromkeys(corpus.advice for corpus in self.data.corpora() if corpus.advice)),
            notes=dict(model.notes),
            warnings=tuple(model.warnings),
            notices=self._notices(gold, judge, missing),
            details={
                "adapted": dict(trial.adapted.scores.details),
                "baseline": dict(before.details) if before is not None else {},
            },
            changes=self._changes(trial, gold, judge),
        )

    def _content(self, trial: Trial, outcome: Outcome, gold: Domain) -> records.Content:
        adapted, baseline = trial.adapted, trial.baseline
        return records.Content(
            specification=self._specification(adapted.fitted.method),
            outcome=outcome,
            task=self.data.task,
            gold=gold,
            adapted=adapted.predictions,
            baseline=baseline.predictions if baseline is not None else None,
            metrics=adapted.scores.metrics,
            save_model=adapted.fitted.model.save,
        )

    def _fit(self, entry: MethodEntry, method: Method, stage: str) -> Fitted:
        with self.clock.stage(stage):
            return Fitted(entry, method, method.fit(self.problem, self.clock.progress))

    def _fit_baseline(self, entry: MethodEntry, method: Method) -> Fitted | None:
        """The same learner without adaptation, trained by its own defaults where nobody gave others."""
        if not entry.baseline or not self.spec.baseline:
            return None
        other = self.host.methods.get(entry.baseline, self.data.task_name)
        return self._fit(other, make(other, self._shared(method, other), self.host), "fit baseline")

    def _fit_companions(self, entry: MethodEntry, method: Method) -> list[Fitted]:
        """The further methods that stand beside this one, with the settings that they share with it."""
        if not self.spec.baseline:
            return []
        others = [self.host.methods.get(name, self.data.task_name) for name in entry.companions]
        return [self._fit(o, make(o, self._shared(method, o), self.host), "fit companions") for o in others]

    def _fit_reference(self, entry: MethodEntry, baseline: Fitted | None) -> tuple[Fitted | None, str]:
        """The task's plain method, or, with the reason, none where it cannot be fitted to this data.

        It is the baseline itself where that has the same settings, and none where the run's own method is the one.
        """
        name = self.data.task.reference
        if not name or not self.spec.baseline or name == entry.name or self.spec.upper_bound:
            return None, ""
        other = self.host.methods.get(name, self.data.task_name)
        given = {key: value for key, value in self.spec.settings.items() if key in self.data.task.reference_settings}
        plain = make(other, given, self.host)
        if baseline is not None and baseline.entry == other and _same(baseline.method, plain, baseline.model):
            return None, ""
        try:
            fitted = self._fit(other, plain, "fit reference")
        except WbError as error:
            return None, f"the plain reference {name} is left out: {error}"
        if baseline is not None and baseline.entry == other and fitted.model.resolved == baseline.model.resolved != {}:
            return baseline, ""
        return fitted, ""

    def _shared(self, method: Method, other: MethodEntry) -> dict[str, Any]:
        return method.params.shared_with(other.load().Params, method.shared)

    def _changes(self, trial: Trial, gold: Domain, judge: Judge) -> Changes:
        if trial.baseline is None:
            return Changes()
        return judge.changes(gold, trial.baseline.predictions, trial.adapted.predictions, self.problem)

    def _reference(self, trial: Trial) -> Reference | None:
        """The plain reference's figures and the adapted model's distance from them."""
        reference, adapted, seed = trial.reference, trial.adapted, self.problem.seed
        if reference is None:
            return None
        change = differences(reference.scores, adapted.scores, seed)
        first = next(iter(adapted.scores.metrics))
        scale = scales_of(adapted.scores.metrics)[first]
        return Reference(
            method=reference.fitted.entry.name,
            settings=reference.fitted.method.params.model_dump(),
            resolved=dict(reference.fitted.model.resolved),
            scores=estimates(reference.scores, seed),
            difference=change,
            verdict=decide(change[first], scale, self.spec.floor),
            is_baseline=trial.baseline is not None and reference.fitted is trial.baseline.fitted,
        )

    def _source(self) -> DomainSummary:
        corpora, task = self.data.sources, self.data.task
        return DomainSummary(
            name="+".join(corpus.name for corpus in corpora),
            edition="+".join(dict.fromkeys(corpus.edition for corpus in corpora)),
            counts=counts(self.problem.source, task),
            unlabelled_counts=counts(self.problem.source_unlabelled, task),
        )

    def _target(self, gold: Domain) -> DomainSummary:
        corpus, task = self.data.target, self.data.task
        return DomainSummary(
            name=corpus.name,
            edition=corpus.edition,
            counts=counts(gold, task),
            unlabelled_counts=counts(self.problem.target, task),
        )

    def _notices(self, gold: Domain, judge: Judge, missing: str) -> tuple[str, ...]:
        of_data = [notice for corpus in self.data.corpora() for notice in corpus.notices]
        return (*of_data, *judge.notices_of(gold, self.problem), *judge.notices, *([missing] if missing else []))

    def _specification(self, method: Method) -> Mapping[str, Any]:
        """The specification with every default filled in and the data's digests: what the record's digest is of."""
        return {
            **self.spec.as_dict(),
            "settings": method.params.model_dump(),
            "given": dict(self.spec.settings),
            "split": self.data.evaluation_split,
            "data": {corpus.name: {"edition": corpus.edition, **corpus.digests} for corpus in self.data.corpora()},
        }


def _same(baseline: Method, plain: Method, model: Model) -> bool:
    """Whether the baseline has the plain reference's settings, where ``auto`` is what it came to."""

    def settled(method: Method) -> dict[str, Any]:
        values = method.params.model_dump()
        return {name: model.resolved.get(name, value) if value == "auto" else value for name, value in values.items()}

    return settled(baseline) == settled(plain)


def has_typed_inputs(domain: Domain) -> bool:
    """Whether an example is something that a user can type: a text, or a sentence of words."""
    first = domain.inputs[0] if isinstance(domain.inputs, list) and domain.inputs else None
    return isinstance(first, str) or (isinstance(first, list) and bool(first) and isinstance(first[0], str))
