"""The file of the portfolio: what was measured in the place of what was written by hand, which stays where nothing was.

References, growth with the examples and the time that features take are properties of the methods: they are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portfolio import Race, plan_for

from wb_diagnosis.automatic.guard import Guard
from wb_diagnosis.automatic.portfolio import Entry, Plan, load

OPENING = """# What `wb auto` tries in each situation, by priority, and its rule of choice; written by `make audits`.
# Seconds are those of one fit on one thread, features at hand; `preparing` is what features take for 1,000 examples;
# `usual` is the mean gain over the plain reference, a share, on pairs of the situation whose labels could tell.
"""


def shipped(races: Sequence[Race], guard: Guard, most: int) -> str:
    """The TOML file."""
    before = load()
    pairs, runs = len(races), sum(1 + len(race.others) for race in races)
    parts = [OPENING.strip(), f'origin = "learnt from {runs} audited runs on {pairs} labelled pairs"\n', _guard(guard)]
    for plan in before.plans:
        parts.append(_plan(plan, [race for race in races if race.situation == plan.situation], most))
    return "\n".join(parts)


def entries_of(plan: Plan, races: Sequence[Race], most: int) -> list[Entry]:
    """The measured entries by priority, then those of the plan that were not measured."""
    if not races:
        return list(plan.entries)
    before = [*plan.references, *plan.entries]
    settings = {tried.title: (tried.method, tried.settings) for race in races for tried in race.others}
    examples = sorted(race.examples for race in races)[len(races) // 2]
    measured = []
    for each in plan_for(plan.situation, races, most):
        method, given = settings[each.title]
        growth = next((e.growth for e in before if e.method == method), 1.0)
        features = given.get("features")
        preparing = next((e.preparing for e in before if e.settings.get("features") == features), 0.0)
        seconds, usual = max(round(each.seconds, 2), 0.01), round(each.usual, 3)
        measured.append(
            Entry(
                method=method,
                settings=given,
                seconds=seconds,
                examples=examples,
                usual=usual,
                growth=growth,
                preparing=preparing,
            )
        )
    titles = {entry.title for entry in measured}
    references = {entry.title for entry in plan.references}
    rest = [entry for entry in plan.entries if entry.title not in titles and entry.title not in settings]
    return [*(entry for entry in measured if entry.title not in references), *rest]


def _guard(guard: Guard) -> str:
    values = guard.model_dump()
    return "\n".join(["[guard]", *(f"{name} = {_value(value)}" for name, value in values.items()), ""])


def _plan(plan: Plan, races: Sequence[Race], most: int) -> str:
    references = ",\n".join(f"  {_entry(entry)}" for entry in plan.references)
    entries = "".join(f"  {_entry(entry)},\n" for entry in entries_of(plan, races, most))
    return f'[[plans]]\nsituation = "{plan.situation}"\nreferences = [\n{references},\n]\nentries = [\n{entries}]\n'


def _entry(entry: Entry) -> str:
    given = entry.model_dump(exclude_defaults=True)
    return _value(given)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, dict):
        inner = ", ".join(f"{name} = {_value(each)}" for name, each in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    return str(value)
