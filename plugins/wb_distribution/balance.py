"""The balance of marginal and conditional discrepancy, estimated by how well a classifier tells the domains apart."""

from __future__ import annotations

import numpy as np

from workbench.methods.measures import proxy_a_distance

FEWEST = 4
"""Examples that a class needs in each domain for its distance to be measured."""


def balance(source: np.ndarray, labels: np.ndarray, target: np.ndarray, pseudo: np.ndarray) -> float:
    """μ = d_c / (d_c + d_m): 1 when only the classes differ, 0 when only the whole does.

    d_m is the proxy A-distance of source (n, d) and target (m, d), d_c the mean over the classes of their own
    (Wang et al., MM 2018, eq. 13 and 14).
    """
    whole = proxy_a_distance(source, target)
    own = []
    for c in np.unique(labels):
        mine, theirs = source[labels == c], target[pseudo == c]
        if min(len(mine), len(theirs)) >= FEWEST:
            own.append(proxy_a_distance(mine, theirs))
    conditional = float(np.mean(own)) if own else 0.0
    return conditional / (conditional + whole) if conditional + whole > 0 else 0.5
