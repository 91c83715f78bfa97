"""What ``wb auto`` tries and by which rule it chooses, learnt from the bank: pure functions of rows of runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from judged import group_weights
from rows import FEWEST_PAIRS

from wb_diagnosis.automatic.guard import Guard, Standing
from workbench.scoring.comparing import Difference, Estimate


@dataclass(frozen=True, eq=False)
class Tried:
    """One method with its settings on one pair: what it came to, and what is known of it without labels.

    Attributes
    ----------
    title : str
        The method and its settings: the same on every pair.
    accuracy : float
        On the gold: for learning, and for judging a choice that is made.
    """

    title: str
    method: str
    settings: Mapping[str, Any]
    accuracy: float
    seconds: float
    estimate: Estimate | None = None
    difference: Difference | None = None
    scores: Mapping[str, float] = field(default_factory=dict)

    def standing(self, usual: float) -> Standing:
        return Standing(self.title, self.estimate, self.difference, self.scores, usual, self.seconds)


@dataclass(frozen=True, eq=False)
class Race:
    """Everything that was tried on one pair; ``reference`` is the plain method."""

    group: str
    situation: str
    pair: str
    reference: Tried
    others: tuple[Tried, ...]
    examples: int = 0

    @property
    def best(self) -> float:
        return max(tried.accuracy for tried in (self.reference, *self.others))

    def accuracy_of(self, title: str) -> float | None:
        return next((tried.accuracy for tried in (self.reference, *self.others) if tried.title == title), None)


@dataclass(frozen=True)
class Entry:
    """A place of the portfolio: a title, its mean gain over the reference, and its median seconds."""

    title: str
    usual: float
    seconds: float


def greedy(races: Sequence[Race], most: int) -> list[Entry]:
    """Titles in order of priority: each adds most to the mean best accuracy of those before it, a group as another.

    What cannot be told apart goes by the mean gain, then by seconds. A pair on which a title was not tried gains
    nothing by it (greedy cover of a submodular function, Nemhauser, Wolsey & Fisher 1978).
    """
    if not races:
        return []
    weights = group_weights([race.group for race in races])
    titles = list(dict.fromkeys(tried.title for race in races for tried in race.others))
    gains = np.array([[_gain(race, title) for title in titles] for race in races])
    covered = np.zeros(len(races))
    entries: list[Entry] = []
    waiting = list(range(len(titles)))
    seconds = {title: float(np.median(_seconds(races, title))) for title in titles}
    while waiting and len(entries) < most:
        added = {c: float(weights @ (np.maximum(covered, np.nan_to_num(gains[:, c])) - covered)) for c in waiting}
        usual = {c: _mean(gains[:, c], weights) for c in waiting}
        best = max(waiting, key=lambda c: (round(added[c], 4), usual[c], -seconds[titles[c]]))
        covered = np.maximum(covered, np.nan_to_num(gains[:, best]))
        entries.append(Entry(titles[best], usual[best], seconds[titles[best]]))
        waiting.remove(best)
    return entries


def _gain(race: Race, title: str) -> float:
    accuracy = race.accuracy_of(title)
    return float("nan") if accuracy is None else accuracy - race.reference.accuracy


def _seconds(races: Sequence[Race], title: str) -> list[float]:
    return [tried.seconds for race in races for tried in race.others if tried.title == title]


def _mean(gains: np.ndarray, weights: np.ndarray) -> float:
    """The weighted mean gain over the pairs on which a title was tried."""
    known = ~np.isnan(gains)
    return float(np.average(gains[known], weights=weights[known]))


def plan_for(situation: str, races: Sequence[Race], most: int) -> list[Entry]:
    """The portfolio of a situation; that of all races where none is of it."""
    return greedy([race for race in races if race.situation == situation] or list(races), most)


def choice(race: Race, entries: Sequence[Entry], guard: Guard) -> str:
    """The title that the rule takes on a pair, of the entries that were tried there.

    An entry that the races it was learnt from lack has no usual gain.
    """
    usual = {entry.title: entry.usual for entry in entries}
    others = [tried.standing(usual[tried.title]) for tried in race.others if tried.title in usual]
    return guard.choose(race.reference.standing(0.0), others).chosen


@dataclass(frozen=True)
class Outcome:
    """What a choice came to on one pair, shares."""

    group: str
    situation: str
    pair: str
    chosen: str
    accuracy: float
    reference: float
    best: float
    fixed: float
    """The accuracy of the one method that was best on the other groups."""


def judged(race: Race, entries: Sequence[Entry], guard: Guard) -> Outcome:
    title = choice(race, entries, guard)
    accuracy, fixed = race.accuracy_of(title), race.accuracy_of(best_fixed(entries))
    assert accuracy is not None
    of_reference = race.reference.accuracy
    return Outcome(
        race.group, race.situation, race.pair, title, accuracy, of_reference, race.best,
        of_reference if fixed is None else fixed,
    )  # fmt: skip


def best_fixed(entries: Sequence[Entry]) -> str:
    """The title of the greatest mean gain, empty where none gains."""
    best = max(entries, key=lambda entry: entry.usual, default=None)
    return best.title if best is not None and best.usual > 0 else ""


WEIGHTS = (0.0, 0.25, 0.5, 1.0)
LEAST = (0.0, 0.005, 0.01, 0.02)
HARM = 0.001
"""A choice that is this much below source-only is worse than it."""


def guards(selector: str = "reverse-validation") -> list[Guard]:
    """The rules that are tried: weights of the usual gain, of the estimated one and of a selector; and the least."""
    return [
        Guard(usual=usual, difference=difference, selectors={selector: score}, least=least)
        for usual, difference, score, least in product(WEIGHTS, WEIGHTS, WEIGHTS, LEAST)
        if usual or difference or score
    ]


def learn_guard(races: Sequence[Race], most: int, rules: Iterable[Guard], tolerated: float = 0.05) -> Guard:
    """The rule of the least regret among those that are worse than source-only on few pairs, each group left out once.

    Where no rule is that careful, the one that is worse on the fewest.
    """
    judgements = [judgement for judgement in left_out(races, most) if judgement[0].group in weighty(races)]
    scored = []
    for rule in rules:
        outcomes = [judged(race, entries, rule) for race, entries in judgements]
        weights = group_weights([outcome.group for outcome in outcomes])
        worse = float(weights @ np.array([outcome.accuracy < outcome.reference - HARM for outcome in outcomes]))
        regret = float(weights @ np.array([outcome.best - outcome.accuracy for outcome in outcomes]))
        scored.append((max(worse - tolerated, 0.0), regret, rule))
    return min(scored, key=lambda each: each[:2])[2]


def weighty(races: Sequence[Race]) -> set[str]:
    """The groups that have pairs enough to count as much as the others; all where none has."""
    counts = Counter(race.group for race in races)
    return {group for group, count in counts.items() if count >= FEWEST_PAIRS} or set(counts)


def left_out(races: Sequence[Race], most: int) -> list[tuple[Race, list[Entry]]]:
    """Every race with the portfolio that the other groups' races give."""
    plans: dict[tuple[str, str], list[Entry]] = {}
    result = []
    for race in races:
        key = (race.group, race.situation)
        if key not in plans:
            others = [other for other in races if other.group != race.group]
            plans[key] = _complete(plan_for(race.situation, others, most), race, others)
        result.append((race, plans[key]))
    return result


def _complete(entries: list[Entry], race: Race, others: Sequence[Race]) -> list[Entry]:
    """Where too few of the titles were tried here, the same methods with the settings of this situation."""
    titles = {tried.title: tried for tried in race.others}
    if any(entry.title in titles for entry in entries):
        return entries
    by_method: dict[str, list[float]] = {}
    for other in others:
        for tried in other.others:
            by_method.setdefault(tried.method, []).append(tried.accuracy - other.reference.accuracy)
    return [
        Entry(title, float(np.mean(by_method.get(tried.method, [0.0]))), tried.seconds)
        for title, tried in titles.items()
    ]


def nested(races: Sequence[Race], most: int, rules: Sequence[Guard]) -> list[Outcome]:
    """Every race judged by a portfolio and a rule that its group did not choose."""
    groups = {race.group for race in races}
    learnt = {group: learn_guard([race for race in races if race.group != group], most, rules) for group in groups}
    return [judged(race, entries, learnt[race.group]) for race, entries in left_out(races, most)]
