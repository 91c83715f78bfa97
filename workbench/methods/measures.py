"""Distances between domains."""

from __future__ import annotations

from typing import Any

import numpy as np


def proxy_a_distance(source: Any, target: Any) -> float:
    """2 (1 − 2 ε) with ε the cross-validated error of a linear classifier that tells the domains apart.

    0 where the domains cannot be told apart, 2 where they always can. The classifier is ridge regression, two folds
    of every second example (Ben-David et al., 2007, use a linear classifier of any kind).

    Parameters
    ----------
    source, target : matrix, shapes (n, d) and (m, d), at least two rows each
    """
    from sklearn.linear_model import RidgeClassifier

    from workbench.data.inputs import concatenate

    features = concatenate([source, target])
    side = np.repeat([0, 1], [source.shape[0], target.shape[0]])
    fold = np.concatenate([np.arange(source.shape[0]), np.arange(target.shape[0])]) % 2
    wrong = np.zeros(len(side))
    for held_out in (0, 1):
        model = RidgeClassifier().fit(features[fold != held_out], side[fold != held_out])
        wrong[fold == held_out] = model.predict(features[fold == held_out]) != side[fold == held_out]
    return max(0.0, 2 * (1 - 2 * float(wrong.mean())))
