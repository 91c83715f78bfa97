"""The search: the plain reference, then the portfolio in order of priority, as long as something can end in time."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from wb_diagnosis.automatic.budget import Budget, TimeIsUp, in_words
from wb_diagnosis.automatic.contenders import Contender, Judges, Prepared
from wb_diagnosis.automatic.guard import Choice, Guard
from wb_diagnosis.automatic.pace import Pace
from wb_diagnosis.automatic.portfolio import Entry, Plan
from wb_diagnosis.automatic.views import Views
from workbench.data.domains import Problem
from workbench.data.inputs import kind_of
from workbench.errors import WbError, reason
from workbench.methods.variants import choose_variant, make
from workbench.plugins.loading import Host
from workbench.progress import Progress

FAILURES = (WbError, ValueError, ArithmeticError, MemoryError)
"""What a fit may raise that ends it alone; anything else is a bug that must be seen."""

FINISH = 0.05
"""Share of the budget that is kept for writing, beside the time that the features of all examples take once more."""


@dataclass(frozen=True)
class LeftOut:
    """An entry that was not fitted, and why."""

    entry: Entry
    why: str

    @property
    def title(self) -> str:
        return self.entry.title


@dataclass(eq=False)
class SearchResult:
    """What a search came to.

    Attributes
    ----------
    reference : Contender
        The plain method.
    others : list of Contender
        In the order in which they were fitted.
    left_out : list of LeftOut
    choice : Choice
    stopped : bool
        Whether the user ended it.
    """

    reference: Contender
    choice: Choice
    others: list[Contender] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    stopped: bool = False

    @property
    def contenders(self) -> dict[str, Contender]:
        """All that were fitted, by title, in the order of the choice."""
        fitted = {contender.title: contender for contender in (self.reference, *self.others)}
        return {title: fitted[title] for title in self.choice.order}


class Search:
    """Fits what a plan holds, within a budget.

    Parameters
    ----------
    views : Views
        Of the problem.
    judges : Judges
    guard : Guard
    budget : Budget
    pace : Pace
    """

    def __init__(
        self, views: Views, judges: Judges, guard: Guard, budget: Budget, pace: Pace, host: Host, progress: Progress
    ) -> None:
        self.views, self.judges, self.guard = views, judges, guard
        self.budget, self.pace, self.host, self.progress = budget, pace, host, progress

    def run(self, plan: Plan, methods: Sequence[str] = ()) -> SearchResult:
        """Fit the reference and what there is time for of the entries, or of those of the named methods.

        Raises :class:`WbError` where no reference can be fitted. What the user stops after the reference keeps all
        that was fitted.
        """
        waiting = [entry for entry in plan.entries if not methods or entry.method in methods]
        result: SearchResult | None = None
        try:
            self._warm_up(plan.references[-1])
            result = self._reference(plan)
            for entry in waiting:
                if entry.title != result.reference.title:
                    self._try(entry, result)
        except KeyboardInterrupt:
            if result is None:
                raise
            result.stopped = True
            tried = {*result.contenders, *(left.title for left in result.left_out)}
            result.left_out += [LeftOut(entry, "stopped before it") for entry in waiting if entry.title not in tried]
        return result

    def _warm_up(self, entry: Entry) -> None:
        """Fit the reference to a toy pair: libraries are loaded then, and the next fit tells this machine's pace."""
        task, problem = self.host.tasks.get(self.views.problem.task).load()(), self.views.problem
        source, target = task.example_of(kind_of(problem.target.inputs), problem.seed)
        toy = Views(Problem(problem.task, (source,), target.unlabelled()), self.views.label_kind, self.host)
        with suppress(*FAILURES):
            registered = choose_variant(self.host, entry.method, entry.settings, toy.problem)
            method = make(registered, entry.settings, self.host)
            self.judges.fit(Prepared(entry, registered, method, toy.of(method)), None)

    def _reference(self, plan: Plan) -> SearchResult:
        """The first of the plan's references that can end in time; the last is begun in any case."""
        left_out: list[LeftOut] = []
        for entry in plan.references:
            fitted = self._fitted(entry, None, must=entry is plan.references[-1])
            if isinstance(fitted, Contender):
                return SearchResult(fitted, self.guard.choose(fitted.standing, ()), left_out=left_out)
            left_out.append(fitted)
        last = left_out[-1]
        if self.budget.left <= FINISH * self.budget.seconds:
            given = in_words(self.budget.seconds)
            raise WbError(f"{given} is not enough for the plain reference {last.title}; give more --budget")
        raise WbError(f"the plain reference {last.title} cannot be fitted: {last.why}")

    def _try(self, entry: Entry, result: SearchResult) -> None:
        fitted = self._fitted(entry, result.reference)
        if isinstance(fitted, Contender):
            result.others.append(fitted)
            result.choice = self.guard.choose(result.reference.standing, [other.standing for other in result.others])
        else:
            result.left_out.append(fitted)

    def _fitted(self, entry: Entry, reference: Contender | None, must: bool = False) -> Contender | LeftOut:
        """The entry, fitted; or why it was not. With ``must`` it is begun whatever it is thought to take."""
        finish = FINISH * self.budget.seconds + self.views.longest
        reserve = finish + self.pace.refitting(entry)
        if reference is None and not must:
            reserve = max(reserve, self.budget.left / 2)  # for the next reference, where this one takes longer
        try:
            registered = choose_variant(self.host, entry.method, entry.settings, self.views.problem)
            method = make(registered, entry.settings, self.host)
            method.check_inputs(self.views.problem)
            needed = self.pace.judging(entry, self.views.has(method)) + self.pace.refitting(entry)
            left = max(0.0, self.budget.left - finish)
            if needed > left and not must:
                return LeftOut(entry, f"needs {in_words(needed)}, {in_words(left)} left")
            with self.progress.stage(f"fit {entry.title}"), self.budget.limit(reserve):
                prepared = Prepared(entry, registered, method, self.views.of(method))
                fitted = self.judges.fit(prepared, reference)
        except TimeIsUp:
            return LeftOut(entry, f"stopped after {in_words(self.budget.spent)}: no time was left")
        except FAILURES as error:
            return LeftOut(entry, str(error) if isinstance(error, WbError) else reason(error))
        self.pace.learn(entry, fitted.standing.seconds)
        return fitted
