"""Confidence optimal transport: how far the predictions are from labels with the source's shares."""

from __future__ import annotations

import numpy as np

from wb_selection.estimators.accuracy import Accuracy, EvidenceEstimator
from wb_selection.estimators.evidence import Evidence

MOST = 1000
"""Target examples that are transported; more are drawn from, since an exact plan takes cubic time."""


class ConfidenceOptimalTransport(EvidenceEstimator):
    """Takes the cost of moving the target's probability vectors to labels with the source's shares as the error (COT).

    The cost of giving x the label y is half the L1 distance of its probabilities from the one-hot label, 1 − p_y(x),
    after temperature scaling; the plan is exact. Unlike the mean confidence it counts predictions that pile up on few
    classes as wrong.

    References
    ----------
    Lu, Wang, Zhai, Kolouri, Campbell & Sycara (NeurIPS 2023), Characterizing out-of-distribution error via optimal
    transport, eq. 4.

    Differs from the paper
    ----------------------
    Probabilities are temperature-scaled on held-out source examples; at most 1,000 target examples are transported.
    """

    name = "cot"
    needs_probabilities = True

    def accuracy(self, evidence: Evidence) -> Accuracy:
        kept = kept_rows(len(evidence.target), evidence.seed)
        _, target = evidence.softened
        shares = np.bincount(evidence.labels, minlength=evidence.classes) / len(evidence.labels)
        given = transported(target[kept], shares)
        # The drawn examples stand for all, so their spread is that of all; the others add nothing to it.
        confidence = np.full(len(target), given.mean())
        confidence[kept] += (given - given.mean()) * np.sqrt(len(target) / len(kept))
        return Accuracy(float(given.mean()), evidence.right, confidence)


def kept_rows(count: int, seed: int) -> np.ndarray:
    """The examples that are transported: all, or :data:`MOST` that the seed draws."""
    return np.sort(np.random.default_rng(seed).permutation(count)[:MOST])


def transported(probabilities: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """(n,): the probability of the class that the plan of least cost gives each example.

    Parameters
    ----------
    probabilities : ndarray, shape (n, C)
    shares : ndarray, shape (C,)
        How much of the examples each class is given, to the nearest whole number.
    """
    from scipy.optimize import linear_sum_assignment

    exact = shares * len(probabilities)
    places = np.floor(exact).astype(int)
    places[np.argsort(places - exact, kind="stable")[: len(probabilities) - places.sum()]] += 1
    labels = np.repeat(np.arange(len(shares)), places)
    rows, columns = linear_sum_assignment(1 - probabilities[:, labels])
    return np.asarray(probabilities[rows, labels[columns]])
