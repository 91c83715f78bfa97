"""Which clauses speak for a link: forward selection by score tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wb_relation.clauses import Clause, Table, Vocabulary
from wb_relation.logistic import fit_columns, sigmoid

MOST = 8
"""Clauses chosen at most."""

RIDGE = 1.0
LEAST_GAIN = 2.0
"""Log-likelihood that the next clause must promise (half the score statistic)."""


@dataclass(frozen=True)
class Rules:
    """Weighted clauses: P(link) = σ(intercept + Σ weight · truth)."""

    clauses: tuple[Clause, ...]
    weights: np.ndarray
    intercept: float


def select(vocabulary: Vocabulary, table: Table, truth: np.ndarray, most: int = MOST) -> Rules:
    """Add the clause with the largest score statistic, and its generalisations, until none promises enough.

    The statistic of a clause that is not in the model is U² / (I + ridge): U the derivative of the log-likelihood
    by its weight, I the information (Rao's score test without the correction for the clauses already in).
    """
    chosen: list[Clause] = []
    columns: list[np.ndarray] = []
    weights, intercept = np.zeros(0), float(np.log(max(truth.mean(), 1e-6) / max(1 - truth.mean(), 1e-6)))
    position = {path: i for i, path in enumerate(vocabulary.paths)}
    firsts = {condition: i + 1 for i, condition in enumerate(vocabulary.first)} | {None: 0}
    seconds = {condition: i + 1 for i, condition in enumerate(vocabulary.second)} | {None: 0}
    while len(chosen) < most and vocabulary.paths:
        x = np.stack(columns, axis=1) if columns else np.zeros((len(truth), 0))
        p = sigmoid(x @ weights + intercept)
        score, information = table.totals(truth - p), table.totals(p * (1 - p))
        gain = score**2 / (information + RIDGE) / 2
        gain *= 1.0 - 1e-9 * _size(gain.shape)
        for clause in (Clause(()), *chosen):
            gain[position[clause.path], firsts[clause.first], seconds[clause.second]] = -1.0
        best = np.unravel_index(int(gain.argmax()), gain.shape)
        if gain[best] < LEAST_GAIN:
            break
        clause = vocabulary.clause(*(int(i) for i in best))
        added = [c for c in (*clause.generalisations, clause) if c not in chosen]
        if len(chosen) + len(added) > most:
            added = [clause]
        chosen += added
        for c in added:
            place = position[c.path], firsts[c.first], seconds[c.second]
            columns.append(table.paths[:, place[0]] * table.first[:, place[1]] * table.second[:, place[2]])
        x = np.stack(columns, axis=1)
        weights, intercept = fit_columns(x, truth, np.zeros(x.shape[1]), np.full(x.shape[1], RIDGE))
    return Rules(tuple(chosen), weights, intercept)


def _size(shape: tuple[int, ...]) -> np.ndarray:
    """Later paths are longer and conditions add atoms: of equal clauses the simplest is taken."""
    path = np.arange(shape[0])[:, None, None]
    return path + (np.arange(shape[1])[None, :, None] > 0) * 1.0 + (np.arange(shape[2])[None, None, :] > 0) * 1.0
