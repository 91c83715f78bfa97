"""What the consensus is learnt by: weights by ridge regression, errors by leaving each group of collections out.

Every group counts the same. Weights are drawn to plain means, so that a few groups change them little.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from wb_selection.estimators.audited import Blend, Errors
from wb_selection.estimators.consensus import logit
from wb_selection.estimators.gains import FEWEST

MEMBERS: Mapping[str, float] = {"atc": 1 / 3, "cot": 1 / 3, "label-shift": 1 / 3, "head": 1 / 2, "head-atc": 1 / 2}
"""Weights of the members of a consensus where nothing was audited: their mean."""

SIGNALS: Mapping[str, float] = {"consensus": 0.5, "cot": 0.3, "adapted": 0.2, "baseline": 0.1}
"""Weights of what tells a difference where nothing was audited: half of what they say, or less."""

RIDGE = 0.1
"""Of accuracies in logits; of differences times the mean square of their signals."""

TAIL = 0.05
"""On either side of an interval."""

Values = Mapping[str, np.ndarray]
Fit = Callable[[np.ndarray], np.ndarray]


def drop_blend(held_out: np.ndarray, members: Values, truths: np.ndarray, groups: Sequence[str]) -> Blend:
    """The blend of accuracies (n,) that members (n,) estimate, beside held-out accuracies and true ones (n,).

    Errors are in logits.
    """
    start, aim = logits(held_out), logits(truths)
    drops = np.stack([logits(member) for member in members.values()], axis=1) - start[:, None]
    prior = np.array([MEMBERS[name] for name in members])

    def fit(rows: np.ndarray) -> np.ndarray:
        return ridge(drops[rows], (aim - start)[rows], equal_weights(groups, rows), RIDGE, prior)

    errors = left_out_errors(fit, drops, aim - start, groups)
    return Blend(dict(zip(members, map(float, fit(np.arange(len(aim)))), strict=True)), middle(errors, groups))


def gain_blend(signals: Values, differing: np.ndarray, truths: np.ndarray, groups: Sequence[str]) -> Blend:
    """The blend of differences (n,) that signals (n,) estimate, beside the share of differing examples and truths.

    Errors are shares of the differing examples, and so is what the fit makes small.
    """
    scale = np.maximum(differing, FEWEST)
    values = np.stack(list(signals.values()), axis=1) / scale[:, None]
    prior = np.array([SIGNALS[name] for name in signals])
    aim = truths / scale

    def fit(rows: np.ndarray) -> np.ndarray:
        size = float(np.mean(values[rows] ** 2))
        return ridge(values[rows], aim[rows], equal_weights(groups, rows), RIDGE * size, prior)

    errors = left_out_errors(fit, values, aim, groups)
    return Blend(dict(zip(signals, map(float, fit(np.arange(len(aim)))), strict=True)), middle(errors, groups))


def ridge(values: np.ndarray, aim: np.ndarray, weights: np.ndarray, strength: float, prior: np.ndarray) -> np.ndarray:
    """Coefficients (k,) that bring values (n, k) to the aim (n,), drawn to the prior (k,)."""
    weighted = values * weights[:, None]
    return np.asarray(
        prior
        + np.linalg.solve(weighted.T @ values + strength * np.eye(len(prior)), weighted.T @ (aim - values @ prior))
    )


def left_out_errors(fit: Fit, values: np.ndarray, aim: np.ndarray, groups: Sequence[str]) -> np.ndarray:
    """Aim minus prediction (n,), each row predicted by what was fitted to the other groups."""
    names, errors = np.asarray(groups), np.empty(len(aim))
    for group in np.unique(names):
        own = names == group
        errors[own] = aim[own] - values[own] @ fit(np.flatnonzero(~own))
    return errors


def middle(errors: np.ndarray, groups: Sequence[str]) -> Errors:
    """The errors between which all but twice :data:`TAIL` of them lie, every group the same."""
    weights, order = equal_weights(groups, np.arange(len(errors))), np.argsort(errors)
    reached = np.cumsum(weights[order])
    low, high = (errors[order][np.searchsorted(reached, at - 1e-12)] for at in (TAIL, 1 - TAIL))
    return Errors(min(0.0, float(low)), max(0.0, float(high)))


def equal_weights(groups: Sequence[str], rows: np.ndarray) -> np.ndarray:
    """Weights of the rows (n,), of sum 1, that give every group the same."""
    names, position, counts = np.unique(np.asarray(groups)[rows], return_inverse=True, return_counts=True)
    return np.asarray(1.0 / (counts[position] * len(names)))


def logits(shares: np.ndarray) -> np.ndarray:
    return np.array([logit(float(share)) for share in shares])
