"""The types of predicates' arguments, inferred from facts, with names for people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from workbench.errors import DataError

Types = tuple[str, ...]
"""The types of a predicate's arguments."""

Facts = Mapping[str, Sequence[Sequence[str]]]
"""For each predicate the argument tuples that hold, as names."""

Place = tuple[str, int]
"""An argument of a predicate, counted from 0."""

SHORTEST = 3
"""Letters that the constants of a type must begin with alike to name it."""


def infer_types(folds: Iterable[Facts]) -> dict[str, Types]:
    """Argument types from the data: two argument places share a type when some constant stands in both.

    Raises :class:`DataError` where a predicate has facts of different length.
    """
    parent: dict[Place, Place] = {}
    holder: dict[tuple[int, str], Place] = {}
    arity: dict[str, int] = {}

    def root(place: Place) -> Place:
        while parent.setdefault(place, place) != place:
            place = parent[place]
        return place

    for number, facts in enumerate(folds):
        for predicate, rows in facts.items():
            for row in rows:
                if arity.setdefault(predicate, len(row)) != len(row):
                    raise DataError(
                        f"predicate '{predicate}' has {arity[predicate]} arguments in one fact and {len(row)} in "
                        f"another: {predicate}({', '.join(row)})"
                    )
                for slot, constant in enumerate(row):
                    here = root((predicate, slot))
                    first = holder.setdefault((number, constant), here)
                    parent[here] = root(first)
    places: dict[Place, list[Place]] = {}
    for predicate, n in sorted(arity.items()):
        for slot in range(n):
            places.setdefault(root((predicate, slot)), []).append((predicate, slot))
    constants: dict[Place, set[str]] = {}
    for (_, constant), place in holder.items():
        constants.setdefault(root(place), set()).add(constant)
    names: dict[Place, str] = {}
    for key, group in places.items():
        name = _name(group, constants.get(key, set()), arity, len(set(names.values())) + 1)
        while name in names.values():
            name += "'"
        names |= dict.fromkeys(group, name)
    return {predicate: tuple(names[predicate, slot] for slot in range(n)) for predicate, n in arity.items()}


def _name(places: Sequence[Place], constants: Iterable[str], arity: Mapping[str, int], number: int) -> str:
    """How a type is called: what its constants begin with, its only predicate, the classes in it, or a number."""
    ordered = sorted(c.lower() for c in constants) or [""]
    alike = next((i for i, (a, b) in enumerate(zip(ordered[0], ordered[-1], strict=False)) if a != b), None)
    stem = re.match("[a-z]*", ordered[0][:alike])
    if stem is not None and len(stem.group()) >= SHORTEST:
        return stem.group()
    if len(places) == 1:
        return places[0][0]
    classes = [predicate for predicate, _ in places if arity[predicate] == 1]
    return "/".join(classes[:2]) or f"type{number}"
