"""Classifiers that choose their cost by stratified folds: what they take, and that a model with one is saved."""

import warnings

import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV, StratifiedKFold

from wb_classification.classifiers import logistic_regression, tuned_logistic_regression
from wb_classification.cost_search import COSTS, FOLDS
from workbench.errors import UsageError

generator = np.random.default_rng(0)
X = generator.normal(size=(30, 3))
Y = (X[:, 0] + generator.normal(size=30) > 0).astype(int)


def test_the_cost_is_that_of_a_plain_search():
    plain = GridSearchCV(logistic_regression(0), {"C": list(COSTS)}, cv=StratifiedKFold(FOLDS)).fit(X, Y)
    tuned = tuned_logistic_regression(0).fit(X, Y)
    assert tuned.best_params_ == plain.best_params_
    np.testing.assert_array_equal(tuned.predict_proba(X), plain.predict_proba(X))


@pytest.mark.parametrize("labels", [np.arange(30), np.array([1] + [0] * 29), X[:, 0]])
def test_labels_that_cannot_be_split_are_refused_in_one_line(labels):
    with pytest.raises(UsageError, match="needs two classes with 2 examples or more"):
        tuned_logistic_regression(0).fit(X, labels)


def test_one_rare_class_among_others_says_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        tuned_logistic_regression(0).fit(X, np.where(np.arange(30) == 4, 2, Y))


def test_a_model_with_a_tuned_classifier_is_saved_and_loaded(wb, tmp_path):
    pair = ("--src", "shift/covariate-source?n=60", "--tgt", "shift/covariate-target?n=60")
    code, _, err = wb("run", "source-only", *pair, "--classifier", "logreg-cv")
    assert code == 0, err
    path = tmp_path / "new.csv"
    path.write_text(",".join("abcdefgh") + "\n" + ",".join(["0.5"] * 8))
    code, out, err = wb("predict", "last", "--file", f"numbers:{path}")
    assert code == 0 and ",class" in out.splitlines()[1], err
