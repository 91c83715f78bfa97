"""Scores of a classifier: accuracy, macro-F1, per class."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.data.domains import Domain, Predictions, Problem
from workbench.scoring.evaluators import Evaluator
from workbench.scoring.metrics import Metric, Scores, macro_f1


class ClassificationEvaluator(Evaluator):
    """Accuracy and macro-F1 over single examples."""

    def score(self, gold: Domain, predictions: Predictions, problem: Problem) -> Scores:
        names = tuple(dict.fromkeys([*gold.classes, *predictions.classes]))
        truth = np.array([names.index(name) for name in gold.classes])[gold.labels]
        predicted = np.array([names.index(name) for name in predictions.classes])[predictions.labels]
        right = truth == predicted
        present = np.unique(truth)
        one = np.stack([right, np.ones(len(right))], axis=1)
        cells = [truth[:, None] == present, predicted[:, None] == present]
        parts = np.hstack([cells[0] & cells[1], cells[1], cells[0]]).astype(np.float64)
        metrics = {
            "accuracy": Metric(one, title="accuracy"),
            "macro_f1": Metric(parts, compute=macro_f1, title="macro-F1"),
        }
        return Scores(metrics, {"classes": _per_class(truth, predicted, names)})

    def changes(self, gold: Domain, baseline: Predictions, adapted: Predictions, problem: Problem) -> dict[str, Any]:
        def names(predictions: Predictions) -> np.ndarray:
            return np.array(predictions.classes)[predictions.labels]

        truth, before, after = np.array(gold.classes)[gold.labels], names(baseline), names(adapted)
        corrected = np.flatnonzero((before != truth) & (after == truth))
        broken = np.flatnonzero((before == truth) & (after != truth))
        lines = [
            f"{before[i]} → {after[i]}   “{' '.join(gold.inputs[i].split())[:70]}…”"
            for i in corrected[:2].tolist()
            if isinstance(gold.inputs[i], str)
        ]
        summary = f"{len(corrected)} examples corrected, {len(broken)} broken"
        return {"corrected": len(corrected), "broken": len(broken), "examples": [summary, *lines]}


def _per_class(truth: np.ndarray, said: np.ndarray, names: tuple[str, ...]) -> list[dict[str, Any]]:
    rows = []
    for c in np.unique(truth):
        hits = int(np.count_nonzero((truth == c) & (said == c)))
        gold, predicted = int((truth == c).sum()), int((said == c).sum())
        rows.append({"class": names[c], "precision": hits / max(predicted, 1), "recall": hits / gold, "gold": gold})
    return rows
