"""The cost of a classifier, chosen by cross-validation on the labelled examples that it is trained on."""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
from sklearn.model_selection import GridSearchCV, StratifiedKFold

from workbench.errors import UsageError

COSTS = (0.001, 0.01, 0.1, 1.0, 10.0, 100.0)
FOLDS = 2
"""What a cost is chosen from, and in how many folds, as Sun et al. (AAAI 2016) choose it."""


class CostSearch(GridSearchCV):
    """The estimator with the best of :data:`COSTS` as its C.

    Raises :class:`UsageError` where fewer than two classes have an example for each fold: some fold would be trained
    on one class.
    """

    def __init__(self, estimator: Any) -> None:
        super().__init__(estimator, {"C": list(COSTS)}, cv=StratifiedKFold(FOLDS))

    def fit(self, X: Any, y: Any = None, **params: Any) -> Self:
        sizes = np.unique(y, return_counts=True)[1]
        if np.asarray(y).dtype.kind == "f" or np.count_nonzero(sizes >= FOLDS) < 2:
            raise UsageError(
                f"the cost is chosen in {FOLDS} folds, which needs two classes with {FOLDS} examples or more; give "
                "more source examples, or a --classifier whose cost is not chosen (its name without -cv)"
            )
        with warnings.catch_warnings():  # a class with one example is in one fold alone, which does no harm
            warnings.filterwarnings("ignore", "The least populated class", UserWarning)
            super().fit(X, y, **params)
        return self
