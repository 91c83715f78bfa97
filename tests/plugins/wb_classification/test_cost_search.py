"""Costs chosen on the source: as scikit-learn's search, without its warnings, and one line where there is no choice."""

import warnings

import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.svm import SVC

from wb_classification.classifiers import tuned_logistic_regression, tuned_support_vector_machine
from wb_classification.cost_search import COSTS, FOLDS
from workbench.errors import UsageError

DRAWN = np.random.default_rng(0)
FEATURES, LABELS = DRAWN.normal(size=(60, 3)) + np.eye(3)[np.arange(60) % 3], np.arange(60) % 3


def test_the_cost_is_that_of_a_plain_search():
    plain = GridSearchCV(SVC(kernel="linear"), {"C": list(COSTS)}, cv=StratifiedKFold(FOLDS)).fit(FEATURES, LABELS)
    found = tuned_support_vector_machine(0).fit(FEATURES, LABELS)
    assert found.best_params_ == plain.best_params_
    np.testing.assert_array_equal(found.predict(FEATURES), plain.predict(FEATURES))


@pytest.mark.parametrize("make", [tuned_logistic_regression, tuned_support_vector_machine])
def test_a_class_of_one_example_is_no_reason_to_warn(make):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        make(0).fit(FEATURES[:41], np.append(LABELS[:40] % 2, 2))


@pytest.mark.parametrize("make", [tuned_logistic_regression, tuned_support_vector_machine])
def test_a_fold_with_one_class_is_refused_in_one_line(make):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UsageError, match="two classes with 2 examples or more") as caught:
            make(0).fit(FEATURES[:20], np.append(np.zeros(19, dtype=int), 1))
    assert "\n" not in str(caught.value)
