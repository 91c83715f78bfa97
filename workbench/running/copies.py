"""Copies of a trial's models that learn without a fifth of the source, to be estimated in their stead."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from workbench.choosing.candidates import Candidate
from workbench.choosing.grid import hold_out
from workbench.data.domains import Domain, Problem
from workbench.progress import Progress
from workbench.running.one_run import Run
from workbench.running.trial import Trial, Tried


@dataclass(frozen=True, eq=False)
class Copies:
    """A copy for each model of a trial, fitted when it is first asked for."""

    run: Run
    trial: Trial
    _fitted: dict[int, Candidate] = field(default_factory=dict)

    @cached_property
    def split(self) -> tuple[Problem, Domain]:
        """The problem without a fifth of the source, and that fifth. Raises :class:`UsageError` for too little."""
        return hold_out(self.run.problem, self.run.data.task.label_kind, self.run.host)

    def original(self, tried: Tried) -> Candidate:
        """The model that predicts, which learnt from everything."""
        return Candidate(
            tried.fitted.model,
            replace(self.run.problem, target=self.trial.predicted.unlabelled()),
            None,
            tried.predictions,
            partial(tried.fitted.method.fit, progress=Progress()),
            self.run.data.task.label_kind,
        )

    def as_though_held_out(self, tried: Tried) -> Candidate:
        """The same with the held-out examples, as though it had not seen them: what an estimator may find lacking."""
        problem, held_out = self.split
        whole = self.original(tried)
        return replace(whole, problem=replace(problem, target=whole.problem.target), held_out=held_out)

    def of(self, tried: Tried) -> Candidate:
        """The copy of a model, which has not seen the held-out examples."""
        if id(tried) not in self._fitted:
            problem, _ = self.split
            candidate = self.as_though_held_out(tried)
            model = candidate.fit(problem)
            predictions = model.predict(self.trial.predicted.inputs)
            self._fitted[id(tried)] = replace(candidate, model=model, predictions=predictions)
        return self._fitted[id(tried)]
