"""Ranking analogies: by the few labelled links and by structure; and blending the best."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from wb_relation.clauses import Clause, Grounding
from wb_relation.facts import Link, schema_of, worlds_of
from wb_relation.learning import Rules
from wb_relation.logistic import fit_columns, log_likelihood
from wb_relation.mapping import LIMIT, Analogy, enumerate_analogies
from wb_relation.similarity import Profiles, distances

STRUCTURE = 3.0
"""Weight of the structural similarity beside the log-likelihood of the labelled links for each true one."""

BEST = 8
"""How many analogies are averaged: the single best is clearly worse."""


@dataclass(frozen=True, eq=False)
class Ranked:
    """An analogy with the parts of its score.

    Attributes
    ----------
    clauses : tuple of Clause or None
        The source's rules in the target's words, in their order.
    distances : dict of float
        The structural distance of each mapped predicate; 1 for one without a counterpart.
    likelihood : float
        Log-likelihood of the labelled target links under the mapped rules, for each true one of them: the links of
        one mega-example are one observation of the analogy, however many are labelled. 0 where there are none.
    share : float
        Its weight in the average.
    """

    analogy: Analogy
    clauses: tuple[Clause | None, ...]
    distances: dict[str, float]
    likelihood: float
    share: float = 0.0

    @property
    def similarity(self) -> float:
        return -sum(self.distances.values())

    @property
    def structure(self) -> float:
        """How alike the two domains are under the analogy, from 0 (no counterparts) to 1 (the same structure)."""
        return 1.0 + self.similarity / max(1, len(self.distances))

    @property
    def score(self) -> float:
        return self.likelihood + STRUCTURE * self.similarity

    def as_json(self) -> dict[str, Any]:
        parts = {p: None if part is None else [part.predicate, *part.order] for p, part in self.analogy.parts.items()}
        return {
            "parts": parts,
            "types": dict(self.analogy.types),
            "distances": self.distances,
            "similarity": self.similarity,
            "likelihood": self.likelihood,
            "score": self.score,
            "share": self.share,
        }


def legal(rules: Rules, source: Sequence[Link], target: Sequence[Link]) -> list[Analogy]:
    """Every legal analogy of the predicates that the rules use, at most :data:`LIMIT`."""
    used = tuple(dict.fromkeys(p for clause in rules.clauses for p in clause.predicates))
    return list(islice(enumerate_analogies(used, schema_of(source), schema_of(target)), LIMIT))


def rank(
    analogies: Iterable[Analogy],
    rules: Rules,
    source: Sequence[Link],
    target: Sequence[Link],
    shots: Sequence[Link],
    truth: np.ndarray,
) -> list[Ranked]:
    """The analogies, best first, each with its share in the average of the best :data:`BEST`.

    Parameters
    ----------
    target : list of Link
        Unlabelled: their worlds' structure counts.
    shots, truth
        The few labelled target links; empty where there are none.
    """
    before, after = Profiles(worlds_of(source)), Profiles(worlds_of(target))
    fit = _Likelihood(rules, shots, truth)
    ranked = []
    for analogy in analogies:
        clauses = tuple(analogy.clause(clause) for clause in rules.clauses)
        ranked.append(Ranked(analogy, clauses, distances(analogy, before, after), fit(clauses)))
    return _with_shares(ranked)


def without_labels(ranked: Iterable[Ranked]) -> list[Ranked]:
    """The same analogies ranked by structure alone."""
    return _with_shares([replace(r, likelihood=0.0) for r in ranked])


def _with_shares(ranked: list[Ranked]) -> list[Ranked]:
    """Best first; the first :data:`BEST` share the average by exp(score)."""
    ranked = sorted(ranked, key=lambda r: (-r.score, repr(r.analogy)))
    shares = np.exp([r.score - ranked[0].score for r in ranked[:BEST]])
    shares = shares / shares.sum()
    best = [replace(r, share=float(share)) for r, share in zip(ranked, shares, strict=False)]
    return [*best, *(replace(r, share=0.0) for r in ranked[BEST:])]


def blend(ranked: Iterable[Ranked], rules: Rules) -> dict[Clause, float]:
    """The mapped clauses with their weights, averaged over the analogies by their shares."""
    weights: dict[Clause, float] = {}
    for r in ranked:
        if r.share:
            for clause, weight in zip(r.clauses, rules.weights.tolist(), strict=True):
                if clause is not None:
                    weights[clause] = weights.get(clause, 0.0) + r.share * weight
    return dict(sorted(weights.items(), key=lambda item: repr(item[0])))


class _Likelihood:
    """The log-likelihood of the labelled links under σ(a · rules + b), a ≥ 0; analogies that agree share it."""

    def __init__(self, rules: Rules, shots: Sequence[Link], truth: np.ndarray) -> None:
        self.rules, self.truth = rules, truth
        self.grounding = Grounding(shots) if len(shots) else None
        self.known: dict[tuple[Clause | None, ...], float] = {}
        self.columns: dict[Clause, np.ndarray] = {}

    def __call__(self, clauses: tuple[Clause | None, ...]) -> float:
        if self.grounding is None:
            return 0.0
        if clauses not in self.known:
            self.known[clauses] = self._fit(clauses, self.grounding)
        return self.known[clauses]

    def _fit(self, clauses: tuple[Clause | None, ...], grounding: Grounding) -> float:
        z = np.zeros(len(self.truth))
        for clause, weight in zip(clauses, self.rules.weights, strict=True):
            if clause is not None:
                if clause not in self.columns:
                    self.columns[clause] = grounding.clause(clause)
                z += weight * self.columns[clause]
        slope, intercept = fit_columns(z[:, None], self.truth, np.ones(1), np.ones(1))
        if slope[0] < 0:
            slope = np.zeros(1)
            _, intercept = fit_columns(np.zeros((len(z), 0)), self.truth, np.zeros(0), np.zeros(0))
        return log_likelihood(slope[0] * z + intercept, self.truth, np.ones(len(z))) / max(1.0, self.truth.sum())
