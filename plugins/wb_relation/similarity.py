"""How alike two predicates are by their place in their domains, without any label.

The profile of a predicate: for each argument the share of its type's constants that stand there (coverage), how
many facts each of them has (fan-out, fan-in), and how much of it is contained in the places of other predicates.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from wb_relation.facts import World
from wb_relation.mapping import Analogy

NO_COUNTERPART = 1.0
"""What a source predicate without a counterpart costs; a mapped one costs between 0 and 1."""

Place = tuple[str, int]


class Profiles:
    """Structure of a domain over its worlds, each world counting by its size."""

    def __init__(self, worlds: Sequence[World]) -> None:
        self.worlds = worlds
        self.schema = worlds[0].schema
        # Caches of this object's own, which go with it: analogies ask for the same few places again and again.
        self.own, self.contained = cache(self._own), cache(self._contained)
        self._filled, self._members = cache(self._fill), cache(self._count)

    def _fill(self, place: Place) -> tuple[frozenset[tuple[int, int]], int]:
        """The constants (with their world) at a place, and the number of facts there."""
        predicate, slot = place
        constants: set[tuple[int, int]] = set()
        n = 0
        for w, world in enumerate(self.worlds):
            facts = world.facts.get(predicate)
            if facts is not None:
                constants |= {(w, c) for c in facts[:, slot].tolist()}
                n += len(facts)
        return frozenset(constants), n

    def _count(self, type_name: str) -> int:
        return sum(len(world.members(type_name)) for world in self.worlds)

    def _own(self, place: Place) -> tuple[float, float]:
        """Coverage of the type, and the logarithm of facts for each constant that has any, halved into 0 … 1."""
        filled, facts = self._filled(place)
        coverage = len(filled) / max(1, self._members(self.schema.predicates[place[0]][place[1]]))
        spread = np.log2(facts / len(filled)) if filled else 0.0
        return coverage, float(min(1.0, spread / 4.0))

    def _contained(self, inner: Place, outer: Place) -> float:
        """The share of the constants at ``inner`` that also stand at ``outer``."""
        a, b = self._filled(inner)[0], self._filled(outer)[0]
        return len(a & b) / len(a) if a else 0.0


def distances(analogy: Analogy, source: Profiles, target: Profiles) -> dict[str, float]:
    """What each mapped predicate costs: the mean difference of the two profiles, 0 for the same structure."""
    mapped = [(p, part) for p, part in analogy.parts.items() if part is not None]
    places = [((p, i), (part.predicate, part.order[i])) for p, part in mapped for i in range(len(part.order))]
    costs: dict[str, float] = {p: NO_COUNTERPART for p, part in analogy.parts.items() if part is None}
    for predicate, part in mapped:
        differences: list[float] = []
        for i in range(len(part.order)):
            mine, theirs = (predicate, i), (part.predicate, part.order[i])
            differences += [abs(a - b) for a, b in zip(source.own(mine), target.own(theirs), strict=True)]
            kind = source.schema.predicates[predicate][i]
            others = [(a, b) for a, b in places if a != mine and source.schema.predicates[a[0]][a[1]] == kind]
            inside = [abs(source.contained(mine, a) - target.contained(theirs, b)) for a, b in others]
            around = [abs(source.contained(a, mine) - target.contained(b, theirs)) for a, b in others]
            differences += [float(np.mean(values)) for values in (inside, around) if values]
        costs[predicate] = float(np.mean(differences))
    return costs
