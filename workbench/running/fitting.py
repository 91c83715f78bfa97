"""The models of a run: the method's own, its baseline, its companions and the task's plain reference."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from workbench.choosing.grid import Choice
from workbench.errors import UsageError, WbError
from workbench.methods.contract import Method, Model
from workbench.methods.variants import choose_variant, make
from workbench.plugins.entries import MethodEntry
from workbench.running.judging import Judge
from workbench.running.one_run import Run
from workbench.running.selecting import select_settings


@dataclass(frozen=True, eq=False)
class Fitted:
    """A method that was fitted to the run's problem."""

    entry: MethodEntry
    method: Method
    model: Model


@dataclass(frozen=True, eq=False)
class Lineup:
    """Everything that a run fits.

    ``reference`` is the baseline itself where that has the same settings; where the plain method cannot be fitted to
    this data it is None, and ``missing`` says why.
    """

    adapted: Fitted
    baseline: Fitted | None
    companions: tuple[Fitted, ...]
    reference: Fitted | None
    missing: str

    @property
    def models(self) -> list[Fitted]:
        """Each model once."""
        others = [self.baseline, *self.companions, self.reference if self.reference is not self.baseline else None]
        return [self.adapted, *(other for other in others if other is not None)]


def choose_method(run: Run, judge: Judge) -> tuple[MethodEntry, Method, Choice | None]:
    """The variant that runs, with the user's settings and those that a selector chose."""
    spec, host = run.spec, run.host
    entry = choose_variant(host, spec.method, {**spec.settings, **spec.grid}, run.problem, spec.variant)
    selection = select_settings(spec, entry, run.data, run.problem, judge, host, run.clock)
    method = make(entry, {**spec.settings, **(selection.chosen if selection else {})}, host)
    if method.needs_shots and not spec.shots:
        raise UsageError(f"method '{entry.name}' needs a few labelled target examples: give --shots K")
    return entry, method, selection


def fit_all(run: Run, entry: MethodEntry, method: Method) -> Lineup:
    """Fit the baseline, the method, its companions and the plain reference; the gold has not been read yet."""
    baseline = _fit_baseline(run, entry, method)
    adapted = _fit(run, entry, method, "fit")
    companions = _fit_companions(run, entry, method)
    reference, missing = _fit_reference(run, entry, baseline)
    return Lineup(adapted, baseline, companions, reference, missing)


def _fit(run: Run, entry: MethodEntry, method: Method, stage: str) -> Fitted:
    run.observers.fit_begins(entry.name)
    start = time.perf_counter()
    with run.clock.stage(stage):
        model = method.fit(run.problem, run.clock.progress)
    run.observers.fit_ends(entry.name, time.perf_counter() - start)
    return Fitted(entry, method, model)


def _fit_baseline(run: Run, entry: MethodEntry, method: Method) -> Fitted | None:
    """The same learner without adaptation, trained by its own defaults where nobody gave others."""
    if not entry.baseline or not run.spec.baseline:
        return None
    other = run.host.methods.get(entry.baseline, run.data.task_name)
    return _fit(run, other, make(other, _shared(run, method, other), run.host), "fit baseline")


def _fit_companions(run: Run, entry: MethodEntry, method: Method) -> tuple[Fitted, ...]:
    """The further methods that stand beside this one, with the settings that they share with it."""
    if not run.spec.baseline:
        return ()
    others = [run.host.methods.get(name, run.data.task_name) for name in entry.companions]
    return tuple(_fit(run, o, make(o, _shared(run, method, o), run.host), "fit companions") for o in others)


def _fit_reference(run: Run, entry: MethodEntry, baseline: Fitted | None) -> tuple[Fitted | None, str]:
    """The task's plain method, and why there is none where it cannot be fitted to this data.

    It is the baseline itself where that is the same method with the same settings, and none where the run's own method
    is the one.
    """
    name, task = run.data.task.reference, run.data.task
    if not name or not run.spec.baseline or name == entry.name or run.spec.upper_bound:
        return None, ""
    other = run.host.methods.get(name, run.data.task_name)
    given = {key: value for key, value in run.spec.settings.items() if key in task.reference_settings}
    try:
        plain = make(other, given, run.host)
        if baseline is not None and baseline.entry == other and _same(baseline.method, plain, run):
            return baseline, ""
        return _fit(run, other, plain, "fit reference"), ""
    except WbError as error:
        return None, f"the plain reference {name} is left out: {error}"


def _same(first: Method, second: Method, run: Run) -> bool:
    return first.settled(run.problem) == second.settled(run.problem)


def _shared(run: Run, method: Method, other: MethodEntry) -> dict[str, Any]:
    return method.baseline_settings(other.load(), run.problem)
