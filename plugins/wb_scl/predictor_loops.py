"""Compiled loops of the pivot predictors. Imported only where they are trained."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, fastmath=True, nogil=True)
def _step(scores, label, rate, scale, touched, pull):
    """The modified Huber loss of one example for every pivot; returns how many pivots it moves.

    With y = ±1 and margin m = y·score: loss (1 − m)² for −1 ≤ m < 1 and −4m below. ``touched`` and ``pull``
    receive the pivots with a loss and the step to take on each active weight.
    """
    count = 0
    for p in range(len(scores)):
        s = scores[p]
        if p == label:
            if s < 1.0:
                gradient = -2.0 * (1.0 - s) if s > -1.0 else -4.0
                touched[count] = p
                pull[count] = -rate * gradient / scale
                count += 1
        elif s > -1.0:
            gradient = 2.0 * (1.0 + s) if s < 1.0 else 4.0
            touched[count] = p
            pull[count] = -rate * gradient / scale
            count += 1
    return count


@njit(cache=True, fastmath=True, nogil=True)
def train_positions(order, ids, columns, labels, weights, bias, rate0, horizon, decay):
    """One epoch over tokens with a fixed number of active features each.

    Parameters
    ----------
    order : int array (n,)
        The order of the tokens.
    ids : int32 array (tokens, templates)
        Feature ids, −1 for none; only ``columns`` are looked at.
    labels : int32 array (tokens,)
        The pivot that is present, −1 for none.
    weights : float32 array (features, pivots)
        Zero at the start; holds the weights at the end.
    bias : float32 array (pivots,)
    rate0, horizon : float
        Step ``rate0 / √(1 + t / horizon)``.
    decay : float
        L2 pull of each step, applied to all weights at once through one scale.
    """
    k = weights.shape[1]
    scores = np.empty(k, dtype=np.float32)
    touched = np.empty(k, dtype=np.int64)
    pull = np.empty(k, dtype=np.float32)
    active = np.empty(len(columns), dtype=np.int64)
    scale = 1.0
    for t in range(len(order)):
        i = order[t]
        rate = rate0 / np.sqrt(1.0 + t / horizon)
        scale *= 1.0 - rate * decay
        scores[:] = 0.0
        n = 0
        for c in columns:
            f = ids[i, c]
            if f >= 0:
                active[n] = f
                n += 1
                row = weights[f]
                for p in range(k):
                    scores[p] += row[p]
        for p in range(k):
            scores[p] = scores[p] * scale + bias[p]
        count = _step(scores, labels[i], rate, scale, touched, pull)
        for c in range(count):
            p = touched[c]
            bias[p] += pull[c] * scale
            for a in range(n):
                weights[active[a], p] += pull[c]
    for f in range(weights.shape[0]):
        for p in range(k):
            weights[f, p] *= scale


@njit(cache=True, fastmath=True, nogil=True)
def train_rows(order, starts, columns, values, pivot_columns, weights, bias, rate0, horizon, decay):
    """One epoch over the rows of a CSR matrix; several pivots may be present in one row.

    ``pivot_columns`` (features,) holds the pivot of each feature or −1; a pivot's own feature is masked when
    that pivot is predicted. Otherwise as :func:`train_positions`.
    """
    k = weights.shape[1]
    scores = np.empty(k, dtype=np.float32)
    present = np.zeros(k, dtype=np.bool_)
    scale = 1.0
    for t in range(len(order)):
        a, b = starts[order[t]], starts[order[t] + 1]
        rate = rate0 / np.sqrt(1.0 + t / horizon)
        scale *= 1.0 - rate * decay
        scores[:] = 0.0
        present[:] = False
        for j in range(a, b):
            row, value = weights[columns[j]], values[j]
            for p in range(k):
                scores[p] += value * row[p]
        for j in range(a, b):
            own = pivot_columns[columns[j]]
            if own >= 0:
                present[own] = True
                scores[own] -= values[j] * weights[columns[j], own]
        for p in range(k):
            y = 1.0 if present[p] else -1.0
            margin = y * (scores[p] * scale + bias[p])
            if margin < 1.0:
                gradient = -2.0 * y * (1.0 - margin) if margin > -1.0 else -4.0 * y
                move = -rate * gradient / scale
                bias[p] += move * scale
                for j in range(a, b):
                    if pivot_columns[columns[j]] != p:
                        weights[columns[j], p] += move * values[j]
    for f in range(weights.shape[0]):
        for p in range(k):
            weights[f, p] *= scale


@njit(cache=True, fastmath=True, nogil=True)
def project(ids, columns, table, out):
    """Add to ``out`` (tokens, h) the rows of ``table`` (features, h) of each token's active features."""
    h = table.shape[1]
    for i in range(ids.shape[0]):
        for c in columns:
            f = ids[i, c]
            if f >= 0:
                row = table[f]
                for x in range(h):
                    out[i, x] += row[x]
