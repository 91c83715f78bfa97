"""Scores of a regression: RMSE, MAE and R²."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.data.domains import Domain, Predictions, Problem
from workbench.data.inputs import shortened
from workbench.scoring.evaluators import Evaluator
from workbench.scoring.metrics import Metric, Scores, ratio


def root_ratio(sums: np.ndarray) -> np.ndarray:
    """√(first statistic over second): RMSE from (sum of squared errors, number of examples)."""
    return np.asarray(np.sqrt(ratio(sums)))


def explained_variance(sums: np.ndarray) -> np.ndarray:
    """R² from sums of (squared error, truth, squared truth, 1), shape (m, 4); NaN where the truth does not vary.

    The variance is that of the examples that are summed, so that a bootstrap sample is judged by its own.
    """
    errors, truth, squared, n = sums.T
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = squared - truth**2 / n
        return np.asarray(np.where(spread > 0, 1 - errors / spread, np.nan))


class RegressionEvaluator(Evaluator):
    """Root mean squared error, which decides, mean absolute error, and the share of variance explained."""

    computes = (ratio, root_ratio, explained_variance)

    def score(self, gold: Domain, predictions: Predictions, problem: Problem) -> Scores:
        truth = np.asarray(gold.labels, dtype=np.float64)
        residuals = np.asarray(predictions.labels, dtype=np.float64) - truth
        centred = truth - truth.mean() if len(truth) else truth
        one = np.ones(len(truth))
        metrics = {
            "rmse": Metric(
                np.stack([residuals**2, one], axis=1),
                compute=root_ratio,
                title="RMSE",
                higher_is_better=False,
                unit="number",
            ),
            "mae": Metric(
                np.stack([np.abs(residuals), one], axis=1), title="MAE", higher_is_better=False, unit="number"
            ),
            "r2": Metric(
                np.stack([residuals**2, centred, centred**2, one], axis=1),
                compute=explained_variance,
                title="R²",
                unit="number",
            ),
        }
        return Scores(metrics)

    def changes(self, gold: Domain, baseline: Predictions, adapted: Predictions, problem: Problem) -> dict[str, Any]:
        before, after = (np.abs(np.asarray(p.labels) - gold.labels) for p in (baseline, adapted))
        nearer, farther = int((after < before).sum()), int((after > before).sum())
        largest = np.argsort(after - before, kind="stable")[:2]
        lines = [
            f"{baseline.labels[i]:.4g} → {adapted.labels[i]:.4g}, true {gold.labels[i]:.4g}   "
            f"“{shortened(gold.inputs[i])[:60]}”"
            for i in largest.tolist()
            if after[i] < before[i]
        ]
        summary = f"{nearer} predictions nearer to the truth, {farther} farther from it"
        return {"nearer": nearer, "farther": farther, "examples": [summary, *lines]}
