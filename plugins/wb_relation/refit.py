"""One convex problem for all candidate clauses of the target, with the transferred rules as prior mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from wb_relation.clauses import Clause, Grounding, Vocabulary
from wb_relation.facts import Link, schema_of
from wb_relation.logistic import INTERCEPT_VARIANCE, fit_kernel
from wb_relation.model import CANDIDATE_VARIANCE, Corrections

CREDIT = 0.5
"""The share of the transferred score that the labelled links are taken to be explained by.

With full credit a confident transferred rule explains the few true links away and nothing is learnt from them;
with none what both say counts twice.
"""

LONGEST = 2
"""Relations in a path of a target candidate."""


def refit(shots: Sequence[Link], truth: np.ndarray, transferred: Mapping[Clause, float]) -> tuple[Corrections, float]:
    """Corrections by all candidate clauses of the target, and the intercept.

    Candidate weights have prior N(0, 1/10), the score's prior mean is :data:`CREDIT` times that of the
    ``transferred`` clauses; the intercept is refitted under the whole. With no transferred clauses this is ridge
    logistic regression over all candidates, to the bit.

    The problem is solved in kernel form: the number of candidates that are true of two links is a product of three
    small counts, and links of which the same clauses are true are one row.
    """
    vocabulary = Vocabulary.of(schema_of(shots), LONGEST)
    grounding = Grounding(shots)
    table = grounding.table(vocabulary)
    weights = np.array(list(transferred.values()))
    mapped = grounding.clauses(transferred)
    features = np.hstack([table.paths, table.first, table.second, mapped])
    _, rows, row_of = np.unique(features, axis=0, return_index=True, return_inverse=True)
    counts = np.bincount(row_of.ravel()).astype(np.float64)
    share = np.bincount(row_of.ravel(), truth) / counts
    kept = table.take(rows)
    transfer = mapped[rows] @ weights if len(weights) else np.zeros(len(rows))
    kernel = INTERCEPT_VARIANCE + CANDIDATE_VARIANCE * kept.gram(kept)
    alpha = fit_kernel(kernel, CREDIT * transfer, share, counts).alpha
    corrections = Corrections(vocabulary, kept, alpha)
    intercept = INTERCEPT_VARIANCE * float(alpha.sum())
    if len(weights):
        score = transfer + CANDIDATE_VARIANCE * (kept.gram(kept) @ alpha)
        intercept = intercept_for(score, share, counts)
    return corrections, intercept


def intercept_for(score: np.ndarray, share: np.ndarray, counts: np.ndarray) -> float:
    """The constant that, added to the scores, fits the labelled links best."""
    low, high = -60.0, 60.0
    for _ in range(80):  # the derivative falls monotonically
        middle = (low + high) / 2
        pull = float(counts @ (share - 0.5 * (1 + np.tanh(0.5 * (score + middle))))) - middle / INTERCEPT_VARIANCE
        low, high = (middle, high) if pull > 0 else (low, middle)
    return (low + high) / 2


def base_rate(truth: np.ndarray) -> float:
    """Log-odds of a link, with half an observation of each kind added."""
    return float(np.log((truth.sum() + 0.5) / (len(truth) - truth.sum() + 0.5)))


def trust(scores: np.ndarray, shot_scores: np.ndarray, truth: np.ndarray) -> float:
    """How precise the transferred rules can be at best on the target: between 0 and 1.

    A rule that ranks a share q of all unlabelled links at least as high as a known true one has, where a share π
    of links is true, a precision of at most π / q there. This is the mean of that bound over the known true links.

    Parameters
    ----------
    scores : ndarray
        Of all unlabelled target links under the transferred rules.
    shot_scores, truth : ndarray
        The same of the labelled ones, and whether they hold.
    """
    ordered = np.sort(scores)
    tops = shot_scores[truth > 0] - 1e-9
    if not len(tops) or not len(ordered):
        return 0.0
    share = 1.0 - np.searchsorted(ordered, tops) / len(ordered)
    bound = float(truth.mean()) / np.maximum(share, 1.0 / len(ordered))
    return float(np.minimum(1.0, bound).mean())
