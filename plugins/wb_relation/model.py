"""A model of links: weighted clauses, and corrections learnt from the target's labelled links."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from wb_relation.clauses import Clause, Condition, Grounding, Step, Table, Vocabulary
from wb_relation.facts import Link, Schema, schema_of
from wb_relation.logistic import sigmoid
from workbench.data.domains import Predictions
from workbench.data.inputs import Inputs
from workbench.errors import UsageError
from workbench.methods.contract import Model

if TYPE_CHECKING:
    from workbench.plugins.loading import Host

CANDIDATE_VARIANCE = 0.1
"""Prior variance of every candidate clause's weight."""


@dataclass(frozen=True, eq=False)
class Corrections:
    """What the labelled target links say by all candidate clauses at once, in kernel form.

    The weight of a candidate clause is ``CANDIDATE_VARIANCE · Σ alpha · truth`` over the rows of ``table``.
    """

    vocabulary: Vocabulary
    table: Table
    alpha: np.ndarray

    def scores(self, grounding: Grounding) -> np.ndarray:
        """Σ of candidate weights over the clauses that are true of each link, shape (n,)."""
        return CANDIDATE_VARIANCE * (grounding.table(self.vocabulary).gram(self.table) @ self.alpha)

    def weights(self) -> np.ndarray:
        """The weight of every candidate clause, shape (paths, 1 + conditions on X, 1 + conditions on Y)."""
        return CANDIDATE_VARIANCE * self.table.totals(self.alpha)


class LinkModel(Model):
    """P(link) = σ(intercept + Σ weight · truth of the clauses + corrections).

    Parameters
    ----------
    schema : Schema
        Of the target.
    classes : tuple of str
        Class names, one of which is "true".
    weights : dict
        Clause to weight.
    intercept : float
    corrections : Corrections, optional
    inside : dict
        JSON values that ``wb relation`` shows: source rules, ranked analogies.
    """

    def __init__(
        self,
        schema: Schema,
        classes: tuple[str, ...],
        weights: Mapping[Clause, float],
        intercept: float,
        corrections: Corrections | None = None,
        inside: Mapping[str, Any] | None = None,
    ) -> None:
        self.schema, self.classes = schema, classes
        self.weights, self.intercept = dict(weights), intercept
        self.corrections = corrections
        self.inside = dict(inside or {})

    def scores(self, links: Sequence[Link]) -> np.ndarray:
        """Log-odds of each link, float64 of shape (n,)."""
        grounding = Grounding(links)
        out = np.full(len(links), self.intercept)
        if self.weights:
            out += grounding.clauses(self.weights) @ np.array(list(self.weights.values()))
        if self.corrections is not None:
            out += self.corrections.scores(grounding)
        return out

    def predict(self, inputs: Inputs) -> Predictions:
        if len(inputs):
            self._check(schema_of(inputs))
        p = sigmoid(self.scores(inputs)) if len(inputs) else np.zeros(0)
        true, false = self.classes.index("true"), self.classes.index("false")
        probabilities = np.empty((len(p), len(self.classes)))
        probabilities[:, true], probabilities[:, false] = p, 1 - p
        return Predictions(np.where(p > 0.5, true, false), self.classes, probabilities)

    def _check(self, given: Schema) -> None:
        """Raise :class:`UsageError` where the links' domain cannot be read by this model."""
        if given.query != self.schema.query:
            raise UsageError(f"this model predicts '{self.schema.query}', the links are of '{given.query}'")
        for predicate, types in self.schema.predicates.items():
            arity = len(given.predicates.get(predicate, types))
            if arity != len(types):
                raise UsageError(f"'{predicate}' has {arity} argument(s) here, {len(types)} where the model was learnt")
        if self.schema.predicates and not set(self.schema.predicates) & set(given.predicates):
            theirs, mine = ", ".join(given.predicates), ", ".join(self.schema.predicates)
            raise UsageError(f"unknown predicates {theirs}: this model knows {mine}")

    def save(self, folder: Path) -> None:
        about: dict[str, Any] = {
            "classes": self.classes,
            "predicates": self.schema.predicates,
            "query": [self.schema.query, *self.schema.query_types],
            "clauses": [clause.as_json() for clause in self.weights],
            "weights": list(self.weights.values()),
            "intercept": self.intercept,
            "inside": self.inside,
        }
        if self.corrections is not None:
            corrections = self.corrections
            about["vocabulary"] = [
                corrections.vocabulary.paths,
                corrections.vocabulary.first,
                corrections.vocabulary.second,
            ]
            np.savez(
                folder / "corrections.npz",
                paths=corrections.table.paths,
                first=corrections.table.first,
                second=corrections.table.second,
                alpha=corrections.alpha,
            )
        (folder / "links.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, host: Host) -> Self:
        about = json.loads((folder / "links.json").read_text(encoding="utf-8"))
        corrections = None
        if "vocabulary" in about:
            paths, first, second = about["vocabulary"]
            vocabulary = Vocabulary(
                tuple(tuple(Step(*step) for step in path) for path in paths),
                tuple(Condition(*c) for c in first),
                tuple(Condition(*c) for c in second),
            )
            with np.load(folder / "corrections.npz", allow_pickle=False) as arrays:
                table = Table(arrays["paths"], arrays["first"], arrays["second"])
                corrections = Corrections(vocabulary, table, arrays["alpha"])
        query, *types = about["query"]
        schema = Schema({p: tuple(t) for p, t in about["predicates"].items()}, query, tuple(types))
        clauses = [Clause.from_json(value) for value in about["clauses"]]
        weights = dict(zip(clauses, about["weights"], strict=True))
        return cls(schema, tuple(about["classes"]), weights, about["intercept"], corrections, about["inside"])
