"""Analogies: which target predicate plays the part of which source predicate.

References
----------
Mihalkova, Huynh & Mooney (AAAI 2007), § 4: every type-consistent mapping of predicates, scored on the target.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations

from wb_relation.clauses import Clause, Condition, Step
from wb_relation.facts import Schema

LIMIT = 200_000
"""Mappings beyond which only the most similar ones are followed."""


@dataclass(frozen=True)
class Part:
    """What a source predicate becomes: argument ``i`` turns into argument ``order[i]`` of ``predicate``."""

    predicate: str
    order: tuple[int, ...]


@dataclass(frozen=True)
class Analogy:
    """A mapping of source predicates to target predicates; None for no counterpart.

    Attributes
    ----------
    parts : dict
        For each source predicate that is used its :class:`Part`, or None.
    types : dict of str
        The target type of each source type.
    """

    parts: Mapping[str, Part | None]
    types: Mapping[str, str] = field(default_factory=dict)

    def clause(self, clause: Clause) -> Clause | None:
        """The clause in the target's words; None where one of its predicates has no counterpart."""
        if any(self.parts[predicate] is None for predicate in clause.predicates):
            return None
        path = tuple(self._step(step) for step in clause.path)
        return Clause(path, self._condition(clause.first), self._condition(clause.second))

    def _step(self, step: Step) -> Step:
        part = self.parts[step.predicate]
        assert part is not None
        return Step(part.predicate, part.order[step.start], part.order[step.end])

    def _condition(self, condition: Condition | None) -> Condition | None:
        if condition is None:
            return None
        part = self.parts[condition.predicate]
        assert part is not None
        return Condition(part.predicate, part.order[condition.slot])


def enumerate_analogies(used: Sequence[str], source: Schema, target: Schema) -> Iterator[Analogy]:
    """Every legal mapping of the ``used`` predicates of the source.

    Legal: the same number of arguments, in any order; one target type for each source type throughout, with the
    query's types given; no target predicate twice. A predicate may go without a counterpart.
    """
    heads: dict[str, str] = {}
    for mine, theirs in zip(source.query_types, target.query_types, strict=True):
        if heads.setdefault(mine, theirs) != theirs:
            return
    yield from _extend(list(used), source, target, {}, heads)


def _extend(
    left: list[str], source: Schema, target: Schema, parts: dict[str, Part | None], types: dict[str, str]
) -> Iterator[Analogy]:
    if not left:
        yield Analogy(dict(parts), dict(types))
        return
    predicate, rest = left[0], left[1:]
    taken = {part.predicate for part in parts.values() if part is not None}
    for candidate in target.predicates:
        if candidate in taken:
            continue
        for order in orders(source.predicates[predicate], target.predicates[candidate], types):
            more = dict(types)
            for slot, mine in enumerate(source.predicates[predicate]):
                more[mine] = target.predicates[candidate][order[slot]]
            yield from _extend(rest, source, target, {**parts, predicate: Part(candidate, order)}, more)
    yield from _extend(rest, source, target, {**parts, predicate: None}, types)


def orders(mine: Sequence[str], theirs: Sequence[str], types: Mapping[str, str]) -> Iterator[tuple[int, ...]]:
    """The argument orders under which each source type has one target type."""
    if len(mine) != len(theirs):
        return
    for order in permutations(range(len(mine))):
        known = dict(types)
        if all(known.setdefault(t, theirs[order[i]]) == theirs[order[i]] for i, t in enumerate(mine)):
            yield order
