"""Relational data: worlds of typed facts, and links whose truth is asked for.

A *world* is one mega-example: a self-contained set of facts (one research group, one cluster of films). A link
names two constants of its world; whether the query predicate holds between them is its label.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from wb_relation.signatures import Facts, Types, infer_types
from workbench.errors import DataError, UsageError


@dataclass(frozen=True)
class Schema:
    """What can be said in a relational domain.

    Attributes
    ----------
    predicates : dict of tuple of str
        The argument types of every observed predicate.
    query : str
        The predicate that is predicted; its facts are labels and stand in no world.
    query_types : tuple of str
    """

    predicates: Mapping[str, Types]
    query: str
    query_types: Types


@dataclass(frozen=True, eq=False)
class World:
    """The evidence of one mega-example: every fact but those of the query predicate.

    Attributes
    ----------
    name : str
    schema : Schema
    constants : tuple of str
    facts : dict of ndarray of int32, shape (n, arity)
        Indices into :attr:`constants`.
    """

    name: str
    schema: Schema
    constants: tuple[str, ...] = field(repr=False)
    facts: Mapping[str, np.ndarray] = field(repr=False)

    def members(self, type_name: str) -> np.ndarray:
        """Indices of the constants that stand in some argument of the type, sorted."""
        columns = [
            self.facts[name][:, slot]
            for name, types in self.schema.predicates.items()
            if name in self.facts
            for slot, t in enumerate(types)
            if t == type_name
        ]
        return np.unique(np.concatenate(columns)) if columns else np.zeros(0, dtype=np.int32)


class Link(NamedTuple):
    """One candidate of the query predicate: two constants of a world."""

    world: World
    first: int
    second: int

    @property
    def names(self) -> tuple[str, str]:
        return self.world.constants[self.first], self.world.constants[self.second]

    def __repr__(self) -> str:
        return f"{self.world.schema.query}({', '.join(self.names)})"


def build(
    name: str,
    folds: Sequence[Facts],
    negatives: Sequence[Facts],
    query: str,
    types: Mapping[str, Types] | None = None,
) -> tuple[list[Link], list[str], str]:
    """Links and their labels from facts in the raw.

    Negatives are the listed ones where a fold lists any, else every other pair of the query's types (the closed
    world). Duplicate facts count once, and their order has no influence.

    Returns
    -------
    links, labels ("false" or "true"), and one line that says where the negatives come from

    Raises
    ------
    DataError
        For an unknown query, a query that does not relate two constants, a fold without evidence.
    """
    if not folds:
        raise DataError(f"{name}: no facts; the file is empty")
    known = sorted({predicate for facts in folds for predicate in facts})
    if query not in known:
        raise DataError(f"{name}: no predicate '{query}' to predict; there are: {', '.join(known)}")
    signatures = {**infer_types([_with(f, n) for f, n in zip(folds, negatives, strict=True)]), **(types or {})}
    if len(signatures[query]) != 2:
        raise DataError(
            f"{name}: the predicate to predict must relate two constants, '{query}' has {len(signatures[query])} "
            "argument(s); choose another by ?query=NAME"
        )
    trivial = {predicate for predicate in signatures if predicate != query and _is_identity(predicate, folds)}
    evidence = {p: signature for p, signature in signatures.items() if p != query and p not in trivial}
    schema = Schema(dict(sorted(evidence.items())), query, signatures[query])
    links: list[Link] = []
    labels: list[str] = []
    listed = any(negative.get(query) for negative in negatives)
    for number, (facts, negative) in enumerate(zip(folds, negatives, strict=True)):
        world = _world(f"{name}:{number + 1}", schema, facts, negative)
        if not any(len(rows) for rows in world.facts.values()):
            raise DataError(f"{name}: mega-example {number + 1} holds no evidence besides '{query}'; leave it out")
        index = {constant: i for i, constant in enumerate(world.constants)}
        true = {(index[a], index[b]) for a, b in facts.get(query, ())}
        false = {(index[a], index[b]) for a, b in negative.get(query, ())} if listed else _closed(world, true)
        for a, b in sorted(true | false):  # by name: the order must not tell the labels
            links.append(Link(world, a, b))
            labels.append("true" if (a, b) in true else "false")
    kind = "listed in the data" if listed else "closed world: every other pair of the right types"
    notice = f"{name}: negatives of {query} {kind} ({labels.count('false'):,}, {labels.count('true'):,} true)"
    if len({t for signature in signatures.values() for t in signature}) == 1:
        notice += "; all arguments are of one type, so any two predicates of one arity may correspond"
    return links, labels, notice


def worlds_of(links: Iterable[Link]) -> list[World]:
    """The worlds that links belong to, in order of appearance."""
    return list(dict.fromkeys(link.world for link in links))


def schema_of(links: Sequence[Link]) -> Schema:
    """The schema of links; raises :class:`UsageError` for none or for more than one query."""
    if not links:
        raise UsageError("no links: the relational domain is empty")
    queries = {link.world.schema.query for link in links}
    if len(queries) > 1:
        raise UsageError(f"several predicates to predict at once: {', '.join(sorted(queries))}; give one domain")
    return links[0].world.schema


def _with(facts: Facts, negatives: Facts) -> dict[str, list[Sequence[str]]]:
    return {p: [*facts.get(p, ()), *negatives.get(p, ())] for p in [*facts, *(q for q in negatives if q not in facts)]}


def _is_identity(predicate: str, folds: Sequence[Facts]) -> bool:
    """Whether every fact relates a constant to itself alone: such a predicate leads nowhere."""
    rows = [row for facts in folds for row in facts.get(predicate, ())]
    return bool(rows) and all(len(row) > 1 and len(set(row)) == 1 for row in rows)


def _world(name: str, schema: Schema, facts: Facts, negatives: Facts) -> World:
    """Integer facts; constants are sorted, so that the order of the facts changes nothing."""
    everything = {c for rows in facts.values() for row in rows for c in row}
    everything |= {c for row in negatives.get(schema.query, ()) for c in row}
    constants = tuple(sorted(everything))
    index = {constant: i for i, constant in enumerate(constants)}
    arrays = {}
    for predicate, types in schema.predicates.items():
        rows = sorted({tuple(index[c] for c in row) for row in facts.get(predicate, ())})
        arrays[predicate] = np.array(rows, dtype=np.int32).reshape(len(rows), len(types))
    return World(name, schema, constants, arrays)


def _closed(world: World, true: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Every pair of different constants of the query's types that is not known to be true."""
    first, second = (world.members(t).tolist() for t in world.schema.query_types)
    return {(a, b) for a in first for b in second if a != b} - true
