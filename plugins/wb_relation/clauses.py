"""Horn clauses with a path body, and which of them are true of which links.

A body is a path of binary relations from the query's first argument X to its second Y, possibly empty, with at
most one condition on each end: ``advisedby(X, Y) ← publication(A, X) ∧ publication(A, Y) ∧ student(X) ∧ professor(Y)``.
Paths are products of sparse boolean matrices; a table of all clauses is never written out, because a clause's
truth is the product of its path's and its conditions' (see :class:`Table`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from wb_relation.facts import Link, Schema, World, worlds_of


class Step(NamedTuple):
    """One relation walked from its argument ``start`` to its argument ``end`` (counted from 0)."""

    predicate: str
    start: int
    end: int


class Condition(NamedTuple):
    """A constant takes part in ``predicate`` as argument ``slot``; for a unary predicate simply holds."""

    predicate: str
    slot: int


Path = tuple[Step, ...]


class Clause(NamedTuple):
    """The body of a rule for the query predicate."""

    path: Path
    first: Condition | None = None
    second: Condition | None = None

    @property
    def predicates(self) -> tuple[str, ...]:
        """Every predicate that the body names, once."""
        ends = [c.predicate for c in (self.first, self.second) if c is not None]
        return tuple(dict.fromkeys([*(step.predicate for step in self.path), *ends]))

    @property
    def generalisations(self) -> tuple[Clause, ...]:
        """The bodies with one or both conditions left out."""
        looser = {Clause(self.path), Clause(self.path, self.first), Clause(self.path, None, self.second)}
        return tuple(sorted(looser - {self, Clause(())}, key=repr))

    def as_json(self) -> list[Any]:
        return [[list(step) for step in self.path], self.first, self.second]

    @classmethod
    def from_json(cls, value: Sequence[Any]) -> Clause:
        ends = [None if c is None else Condition(*c) for c in value[1:]]
        return cls(tuple(Step(*step) for step in value[0]), *ends)

    def show(self, schema: Schema) -> str:
        """The body for people, e.g. ``publication(A, X), publication(A, Y), student(X)``."""
        names = ["X", *"ABCDE"[: max(0, len(self.path) - 1)], "Y"]
        atoms = []
        for step, here, there in zip(self.path, names, names[1:], strict=False):
            places = ["_"] * len(schema.predicates.get(step.predicate, (None, None)))
            places[step.start], places[step.end] = here, there
            atoms.append(f"{step.predicate}({', '.join(places)})")
        for condition, name in ((self.first, "X"), (self.second, "Y")):
            if condition is not None:
                places = ["_"] * len(schema.predicates.get(condition.predicate, (None,)))
                places[condition.slot] = name
                atoms.append(f"{condition.predicate}({', '.join(places)})")
        return ", ".join(atoms) or "true"


@dataclass(frozen=True)
class Vocabulary:
    """All paths and conditions that candidate clauses are made of."""

    paths: tuple[Path, ...]
    first: tuple[Condition, ...]
    second: tuple[Condition, ...]

    @classmethod
    def of(cls, schema: Schema, longest: int) -> Vocabulary:
        """Every type-consistent path of at most ``longest`` relations, and every condition on either end."""
        start, stop = schema.query_types
        return cls(tuple(_paths(schema, start, stop, longest)), _conditions(schema, start), _conditions(schema, stop))

    def __len__(self) -> int:
        """The number of clauses."""
        return len(self.paths) * (1 + len(self.first)) * (1 + len(self.second))

    def clause(self, path: int, first: int, second: int) -> Clause:
        """The clause at a place of the score table: condition 0 is none."""
        return Clause(
            self.paths[path],
            self.first[first - 1] if first else None,
            self.second[second - 1] if second else None,
        )


@dataclass(frozen=True, eq=False)
class Table:
    """What n links satisfy: clause (p, i, j) is true of a link when ``paths[:, p] · first[:, i] · second[:, j]``.

    Attributes
    ----------
    paths : ndarray of float64, shape (n, paths)
    first, second : ndarray of float64, shape (n, 1 + conditions)
        Column 0 is all ones: no condition.
    """

    paths: np.ndarray
    first: np.ndarray
    second: np.ndarray

    def gram(self, other: Table) -> np.ndarray:
        """The number of clauses that are true of both links, for every two links: shape (n, m)."""
        return (self.paths @ other.paths.T) * (self.first @ other.first.T) * (self.second @ other.second.T)

    def take(self, rows: np.ndarray) -> Table:
        return Table(self.paths[rows], self.first[rows], self.second[rows])

    def totals(self, weights: np.ndarray) -> np.ndarray:
        """Σ of ``weights`` (n,) over the links of which a clause is true: shape (paths, first, second)."""
        out = np.empty((self.paths.shape[1], self.first.shape[1], self.second.shape[1]))
        for p in range(self.paths.shape[1]):
            rows = np.flatnonzero(self.paths[:, p])
            out[p] = (self.first[rows] * weights[rows, None]).T @ self.second[rows]
        return out


class Grounding:
    """The truth of paths and conditions in worlds; every product is computed once for each world."""

    def __init__(self, links: Sequence[Link]) -> None:
        self.n = len(links)
        self.worlds = worlds_of(links)
        number = {world: i for i, world in enumerate(self.worlds)}
        of_world = np.fromiter((number[link.world] for link in links), dtype=np.int64, count=self.n)
        first = np.fromiter((link.first for link in links), dtype=np.int64, count=self.n)
        second = np.fromiter((link.second for link in links), dtype=np.int64, count=self.n)
        self._rows = [np.flatnonzero(of_world == i) for i in range(len(self.worlds))]
        self._pairs = [(first[rows], second[rows]) for rows in self._rows]
        self._products: list[dict[Path, Any]] = [{} for _ in self.worlds]

    def path(self, path: Path) -> np.ndarray:
        """Whether each link's constants are joined by the path, bool of shape (n,)."""
        if not path:
            return np.ones(self.n, dtype=bool)
        out = np.zeros(self.n, dtype=bool)
        for w, rows in enumerate(self._rows):
            matrix = self._product(w, path)
            if matrix.nnz:
                a, b = self._pairs[w]
                out[rows] = np.asarray(matrix[a, b]).ravel() > 0
        return out

    def condition(self, condition: Condition, end: int) -> np.ndarray:
        """Whether each link's first (``end`` 0) or second (1) constant meets the condition, bool of shape (n,)."""
        out = np.zeros(self.n, dtype=bool)
        for w, rows in enumerate(self._rows):
            holds = np.zeros(len(self.worlds[w].constants), dtype=bool)
            facts = self.worlds[w].facts.get(condition.predicate)
            if facts is not None and len(facts):
                holds[facts[:, condition.slot]] = True
            out[rows] = holds[self._pairs[w][end]]
        return out

    def clause(self, clause: Clause) -> np.ndarray:
        """Whether the body is true of each link, bool of shape (n,)."""
        truth = self.path(clause.path)
        for end, condition in enumerate((clause.first, clause.second)):
            if condition is not None:
                truth &= self.condition(condition, end)
        return truth

    def clauses(self, clauses: Iterable[Clause]) -> np.ndarray:
        """The truth of several bodies, float64 of shape (n, clauses)."""
        columns = [self.clause(clause) for clause in clauses]
        return np.stack(columns, axis=1).astype(np.float64) if columns else np.zeros((self.n, 0))

    def table(self, vocabulary: Vocabulary) -> Table:
        ones = np.ones((self.n, 1))
        ends = [
            np.hstack([ones, *(self.condition(c, end)[:, None] for c in conditions)])
            for end, conditions in enumerate((vocabulary.first, vocabulary.second))
        ]
        paths = [self.path(path)[:, None] for path in vocabulary.paths]
        return Table(np.hstack(paths).astype(np.float64) if paths else np.zeros((self.n, 0)), *ends)

    def _product(self, w: int, path: Path) -> Any:
        """The boolean matrix of a path in world ``w``, constants × constants."""
        from scipy import sparse

        product = self._products[w].get(path)
        if product is None:
            if len(path) > 1:
                product = self._product(w, path[:-1]) @ self._product(w, path[-1:])
                product.data[:] = 1.0
            else:
                product = _relation(self.worlds[w], path[0], sparse)
            self._products[w][path] = product
        return product


def _relation(world: World, step: Step, sparse: Any) -> Any:
    n = len(world.constants)
    facts = world.facts.get(step.predicate)
    if facts is None or not len(facts):
        return sparse.csr_matrix((n, n), dtype=np.float32)
    ones = np.ones(len(facts), dtype=np.float32)
    matrix = sparse.csr_matrix((ones, (facts[:, step.start], facts[:, step.end])), shape=(n, n))
    matrix.data[:] = 1.0
    return matrix


def _steps(schema: Schema, start: str) -> Iterator[tuple[Step, str]]:
    """Every step that leaves a constant of the type, with the type where it arrives."""
    for predicate, types in schema.predicates.items():
        for i, here in enumerate(types):
            if here == start:
                for j, there in enumerate(types):
                    if i != j:
                        yield Step(predicate, i, j), there


def _paths(schema: Schema, start: str, stop: str, longest: int) -> Iterator[Path]:
    """Type-consistent paths, shorter ones first; the empty one leaves the conditions to speak alone."""
    yield ()
    ends: list[tuple[Path, str]] = [((), start)]
    for _ in range(longest):
        ends = [((*path, step), there) for path, here in ends for step, there in _steps(schema, here)]
        yield from (path for path, there in ends if there == stop)


def _conditions(schema: Schema, type_name: str) -> tuple[Condition, ...]:
    return tuple(
        Condition(predicate, slot)
        for predicate, types in schema.predicates.items()
        for slot, t in enumerate(types)
        if t == type_name
    )
