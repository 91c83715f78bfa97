"""Areas under the curves against scikit-learn, with ties and many thresholds."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from wb_relation.evaluator import LinkEvaluator
from wb_relation.task import RelationTask
from workbench.data.domains import Predictions, Problem


@pytest.mark.parametrize("digits", [1, 2, 8])
def test_areas_are_exact(digits):
    source, target = RelationTask().example(0)
    generator = np.random.default_rng(digits)
    truth = np.asarray(target.labels)
    p = np.round(np.clip(generator.random(len(truth)) * 0.6 + 0.3 * truth, 0, 1), digits)
    predictions = Predictions((p > 0.5).astype(int), ("false", "true"), np.stack([1 - p, p], axis=1))
    problem = Problem("relations", (source,), target.unlabelled())
    metrics = LinkEvaluator().score(target, predictions, problem).metrics
    assert metrics["auc_pr"].value == pytest.approx(average_precision_score(truth, p), abs=1e-6)
    assert metrics["auc_roc"].value == pytest.approx(roc_auc_score(truth, p), abs=1e-6)
    said = np.clip(np.where(truth == 1, p, 1 - p), 1e-6, 1)
    assert metrics["cll"].value == pytest.approx(np.log(said).mean())


def test_the_deciding_figure_is_the_precision_recall_area():
    source, target = RelationTask().example(0)
    p = np.full(len(target), 0.5)
    predictions = Predictions((p > 0.5).astype(int), ("false", "true"), np.stack([1 - p, p], axis=1))
    scores = LinkEvaluator().score(target, predictions, Problem("relations", (source,), target.unlabelled()))
    assert next(iter(scores.metrics)) == "auc_pr"
    assert scores.metrics["auc_pr"].value == pytest.approx(np.mean(target.labels))
    assert len(scores.details["mega_examples"]) == 3
