"""Scores of link prediction: areas under the precision–recall and ROC curves, and log-likelihood."""

from __future__ import annotations

from typing import Any

import numpy as np

from wb_relation.facts import worlds_of
from workbench.data.domains import Domain, Predictions, Problem
from workbench.scoring.evaluators import Evaluator
from workbench.scoring.metrics import Metric, Scores

MOST_THRESHOLDS = 300
"""Distinct scores of true links that are told apart; beyond, neighbouring ones count as ties."""

SMALLEST = 1e-6
"""Probabilities are clipped here for the log-likelihood (Davis & Domingos 2009)."""


def average_precision(sums: np.ndarray) -> np.ndarray:
    """Σ (recall step · precision) over thresholds, best first; ``sums`` (m, 2 W): true links, then all links."""
    true, all_ = np.split(sums, 2, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.cumsum(true, axis=1) / np.maximum(np.cumsum(all_, axis=1), 1e-12)
        return np.asarray((true * precision).sum(axis=1) / true.sum(axis=1))


def roc_area(sums: np.ndarray) -> np.ndarray:
    """P(a true link scores above a false one), ties count half."""
    true, all_ = np.split(sums, 2, axis=1)
    false = all_ - true
    below = false.sum(axis=1, keepdims=True) - np.cumsum(false, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((true * (below + 0.5 * false)).sum(axis=1) / (true.sum(axis=1) * false.sum(axis=1)))


def one_hot(p: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Each link's place among the thresholds, shape (n, 2 W), W the same for every model on the same gold.

    Thresholds are the distinct scores of true links: false links between two of them are told apart no further,
    which changes neither area.
    """
    kept = min(int(truth.sum()), MOST_THRESHOLDS)
    levels = np.unique(-p[truth])
    if len(levels) > kept:
        levels = levels[np.linspace(0, len(levels) - 1, kept).astype(int)]
    place = 2 * np.searchsorted(levels, -p) + np.isin(-p, levels)  # odd at a threshold, even between two
    width = 2 * kept + 1
    out = np.zeros((len(p), 2 * width), dtype=np.float32)
    rows = np.arange(len(p))
    out[rows[truth], place[truth]] = 1.0
    out[rows, width + place] = 1.0
    return out


def _clusters(gold: Domain) -> np.ndarray:
    """The cluster of each link: its world and first constant, numbered from 0."""
    number = {world: i for i, world in enumerate(worlds_of(gold.inputs))}
    ids = np.array([(number[link.world] << 32) + link.first for link in gold.inputs], dtype=np.int64)
    return np.unique(ids, return_inverse=True)[1].ravel()


def _by_cluster(values: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    order = np.argsort(cluster, kind="stable")
    starts = np.flatnonzero(np.diff(cluster[order], prepend=-1))
    return np.add.reduceat(values[order], starts, axis=0)


def _each_world(gold: Domain, truth: np.ndarray, p: np.ndarray) -> list[dict[str, Any]]:
    rows = []
    for world in worlds_of(gold.inputs):
        inside = np.flatnonzero([link.world is world for link in gold.inputs])
        sums = one_hot(p[inside], truth[inside]).sum(axis=0, keepdims=True) if truth[inside].any() else None
        area = float(average_precision(sums)[0]) if sums is not None else None
        rows.append({"world": world.name, "links": len(inside), "true": int(truth[inside].sum()), "auc_pr": area})
    return rows


class LinkEvaluator(Evaluator):
    """AUC-PR (average precision), AUC-ROC and the mean conditional log-likelihood (CLL).

    Links that share their first constant are one cluster for intervals and tests: they are not independent.
    """

    computes = (*Evaluator.computes, average_precision, roc_area)

    def score(self, gold: Domain, predictions: Predictions, problem: Problem) -> Scores:
        truth = np.asarray(gold.labels) == gold.classes.index("true")
        p = np.asarray(predictions.probabilities)[:, predictions.classes.index("true")]
        cluster = _clusters(gold)
        sums = _by_cluster(one_hot(p, truth), cluster)
        likelihood_of_truth = np.clip(np.where(truth, p, 1 - p), SMALLEST, 1.0)
        likelihood = np.stack([np.log(likelihood_of_truth), np.ones(len(p))], axis=1)
        metrics = {
            "auc_pr": Metric(sums, average_precision, "AUC-PR"),
            "auc_roc": Metric(sums, roc_area, "AUC-ROC"),
            "cll": Metric(_by_cluster(likelihood, cluster), title="log-likelihood (CLL)", unit="number"),
        }
        return Scores(metrics, {"mega_examples": _each_world(gold, truth, p)})

    def changes(self, gold: Domain, baseline: Predictions, adapted: Predictions, problem: Problem) -> dict[str, Any]:
        """How many of the true links stand among as many top ones, before and after."""
        truth = np.asarray(gold.labels) == gold.classes.index("true")
        n = int(truth.sum())
        true_among_first = []
        for predictions in (baseline, adapted):
            p = np.asarray(predictions.probabilities)[:, predictions.classes.index("true")]
            first = np.argsort(-p, kind="stable")[:n]
            true_among_first.append(set(first[truth[first]].tolist()))
        before, after = true_among_first
        lines = [f"of {n:,} true links {len(before):,} stood among the {n:,} first ones, now {len(after):,}"]
        gained = sorted(after - before)[:2]
        lines += [f"found  {gold.inputs[i]!r}" for i in gained]
        return {"first_before": len(before), "first_after": len(after), "examples": lines}
