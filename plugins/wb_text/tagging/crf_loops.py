"""The CRF's compiled loops. Imported only where a CRF trains or tags: numba takes a moment to load.

Shapes: n tokens, m templates, k tags, d dense features. ``ids`` (n, m) holds feature ids or −1; ``dense`` (n, d)
may have d = 0; ``emission`` is (features, k); ``transition`` is (k + 1, k), its last row the sentence start.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NEGLIGIBLE = 1e-4
"""Marginals that differ from the gold by less do not move the weights: most tags of most tokens."""


@njit(cache=True, fastmath=True)
def score(ids, dense, emission, projection, out):
    """Emission scores of the tokens of one sentence into ``out`` (n, k)."""
    n, m = ids.shape
    k = emission.shape[1]
    if dense.shape[1] > 0:
        out[:n] = np.dot(dense, projection)
    else:
        out[:n] = 0.0
    for i in range(n):
        row = out[i]
        for j in range(m):
            f = ids[i, j]
            if f >= 0:
                weights = emission[f]
                for y in range(k):
                    row[y] += weights[y]


@njit(cache=True, fastmath=True)
def marginals(scores, n, moves, alpha, beta, out):
    """Forward–backward in the probability domain, scaled at every token.

    ``moves`` is exp(transition). Fills ``alpha`` and ``beta`` (n, k) and the token marginals ``out`` (n, k);
    returns log Z. On return ``scores`` holds exp(score − row maximum).
    """
    k = scores.shape[1]
    log_z = 0.0
    for i in range(n):
        top = scores[i, 0]
        for y in range(1, k):
            top = max(top, scores[i, y])
        log_z += top
        for y in range(k):
            scores[i, y] = np.exp(scores[i, y] - top)
    for i in range(n):
        if i == 0:
            for y in range(k):
                alpha[0, y] = moves[k, y]
        else:
            for y in range(k):
                alpha[i, y] = 0.0
            for x in range(k):
                a = alpha[i - 1, x]
                if a > 1e-12:
                    for y in range(k):
                        alpha[i, y] += a * moves[x, y]
        total = 0.0
        for y in range(k):
            alpha[i, y] *= scores[i, y]
            total += alpha[i, y]
        total = max(total, 1e-30)
        log_z += np.log(total)
        for y in range(k):
            alpha[i, y] /= total
    for y in range(k):
        beta[n - 1, y] = 1.0
    for i in range(n - 2, -1, -1):
        total = 0.0
        for x in range(k):
            s = 0.0
            for y in range(k):
                s += moves[x, y] * scores[i + 1, y] * beta[i + 1, y]
            beta[i, x] = s
            total += s
        for x in range(k):
            beta[i, x] /= total
    for i in range(n):
        total = 0.0
        for y in range(k):
            out[i, y] = alpha[i, y] * beta[i, y]
            total += out[i, y]
        for y in range(k):
            out[i, y] /= total
    return log_z


@njit(cache=True, fastmath=True)
def expect_moves(scores, n, moves, alpha, beta, expected):
    """Add the expected transition counts of one sentence to ``expected`` (k + 1, k)."""
    k = scores.shape[1]
    right = np.empty(k, dtype=scores.dtype)
    for i in range(1, n):
        total = 0.0
        for y in range(k):
            right[y] = scores[i, y] * beta[i, y]
        for x in range(k):
            a = alpha[i - 1, x]
            if a > 1e-6:
                s = 0.0
                for y in range(k):
                    s += moves[x, y] * right[y]
                total += a * s
        for x in range(k):
            a = alpha[i - 1, x] / total
            if alpha[i - 1, x] > 1e-6:
                for y in range(k):
                    expected[x, y] += a * moves[x, y] * right[y]


@njit(cache=True, fastmath=True)
def train_epoch(
    order,
    offsets,
    ids,
    dense,
    gold,
    weights,
    emission,
    emission_squares,
    projection,
    projection_squares,
    transition,
    transition_squares,
    rate,
    dense_rate,
    decay,
):
    """One pass of AdaGrad over the sentences in ``order``; returns the weighted negative log-likelihood.

    Each sentence is one step: its gradient moves the emissions of its features, the dense projection and the
    transitions. ``decay`` is the L2 pull on the dense projection and the transitions at each step.
    """
    k = emission.shape[1]
    d = dense.shape[1]
    m = ids.shape[1]
    longest = 0
    for s in range(len(offsets) - 1):
        longest = max(longest, offsets[s + 1] - offsets[s])
    scores = np.empty((longest, k), dtype=emission.dtype)
    alpha, beta, found = np.empty_like(scores), np.empty_like(scores), np.empty_like(scores)
    expected = np.empty_like(transition)
    touched = np.empty(k, dtype=np.int64)
    loss = 0.0
    for s in order:
        a, b = offsets[s], offsets[s + 1]
        n = b - a
        if n == 0:
            continue
        weight = weights[s]
        tags = gold[a:b]
        score(ids[a:b], dense[a:b], emission, projection, scores)
        right = transition[k, tags[0]] + scores[0, tags[0]]
        for i in range(1, n):
            right += transition[tags[i - 1], tags[i]] + scores[i, tags[i]]
        moves = np.exp(transition)
        loss += weight * (marginals(scores, n, moves, alpha, beta, found) - right)

        expected[:] = 0.0
        expect_moves(scores, n, moves, alpha, beta, expected)
        for y in range(k):
            expected[k, y] += found[0, y]
        expected[k, tags[0]] -= 1.0
        for i in range(1, n):
            expected[tags[i - 1], tags[i]] -= 1.0
        for x in range(k + 1):
            for y in range(k):
                g = weight * expected[x, y] + decay * transition[x, y]
                if g != 0.0:
                    transition_squares[x, y] += g * g
                    transition[x, y] -= rate * g / np.sqrt(transition_squares[x, y])

        for i in range(n):
            found[i, tags[i]] -= 1.0
            count = 0
            for y in range(k):
                if abs(found[i, y]) > NEGLIGIBLE:
                    touched[count] = y
                    count += 1
            for j in range(m):
                f = ids[a + i, j]
                if f >= 0:
                    for c in range(count):
                        y = touched[c]
                        g = weight * found[i, y]
                        emission_squares[f, y] += g * g
                        emission[f, y] -= rate * g / np.sqrt(emission_squares[f, y])
        if d > 0:
            gradient = np.dot(dense[a:b].T, found[:n])
            for x in range(d):
                for y in range(k):
                    g = weight * gradient[x, y] + decay * projection[x, y]
                    projection_squares[x, y] += g * g
                    projection[x, y] -= dense_rate * g / np.sqrt(projection_squares[x, y])
    return loss


@njit(cache=True, fastmath=True)
def viterbi(offsets, ids, dense, emission, projection, transition, out):
    """The best tags of every sentence into ``out`` (tokens,)."""
    k = emission.shape[1]
    longest = 1
    for s in range(len(offsets) - 1):
        longest = max(longest, offsets[s + 1] - offsets[s])
    scores = np.empty((longest, k), dtype=emission.dtype)
    back = np.empty((longest, k), dtype=np.int16)
    best = np.empty(k, dtype=emission.dtype)
    for s in range(len(offsets) - 1):
        a, b = offsets[s], offsets[s + 1]
        n = b - a
        if n == 0:
            continue
        score(ids[a:b], dense[a:b], emission, projection, scores)
        for y in range(k):
            scores[0, y] += transition[k, y]
        for i in range(1, n):
            top = scores[i - 1, 0]
            for y in range(1, k):
                top = max(top, scores[i - 1, y])
            best[:] = -1e30
            for x in range(k):
                before = scores[i - 1, x]
                if before > top - 30.0:  # a tag that far behind cannot win: transitions are far smaller
                    for y in range(k):
                        reached = before + transition[x, y]
                        if reached > best[y]:
                            best[y] = reached
                            back[i, y] = x
            for y in range(k):
                scores[i, y] += best[y]
        y = 0
        for x in range(1, k):
            if scores[n - 1, x] > scores[n - 1, y]:
                y = x
        for i in range(n - 1, -1, -1):
            out[a + i] = y
            if i > 0:
                y = back[i, y]


@njit(cache=True, fastmath=True)
def all_marginals(offsets, ids, dense, emission, projection, transition, out):
    """The marginals of every token into ``out`` (tokens, k)."""
    k = emission.shape[1]
    longest = 1
    for s in range(len(offsets) - 1):
        longest = max(longest, offsets[s + 1] - offsets[s])
    scores = np.empty((longest, k), dtype=emission.dtype)
    alpha, beta = np.empty_like(scores), np.empty_like(scores)
    moves = np.exp(transition)
    for s in range(len(offsets) - 1):
        a, b = offsets[s], offsets[s + 1]
        if b > a:
            score(ids[a:b], dense[a:b], emission, projection, scores)
            marginals(scores, b - a, moves, alpha, beta, out[a:b])
