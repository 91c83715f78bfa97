"""How much each source example counts where the target is meant: density ratios by a classifier of domains."""

from __future__ import annotations

import numpy as np

from workbench.data import sketches
from workbench.data.inputs import Inputs, concatenate, count

CLIP = 3.0
"""Logarithms of the ratios beyond this count as this: one example decides nothing."""

ENOUGH, SHARE = 50, 0.1
"""Examples, and share of them, that the weighted ones must still be worth."""


def importance_weights(source: Inputs, target: Inputs, at: Inputs, seed: int) -> np.ndarray | None:
    """Weights (h,) of mean 1 of the source examples ``at``, which are not among ``source``.

    The ratio is the odds of a logistic classifier of short vectors of the examples (:mod:`workbench.data.sketches`).
    None where these have none, and where weighting is not sound: the weighted examples would be worth too few (Kish's
    (Σ w)² / Σ w²), since source and target hardly overlap.

    References
    ----------
    Bickel, Brückner & Scheffer (JMLR 2009), Discriminative learning under covariate shift.
    """
    from sklearn.linear_model import LogisticRegression

    sketch = sketches.fit(target)
    if sketch is None:
        return None
    vectors = concatenate([sketch.transform(source), sketch.transform(target)])
    side = np.repeat([0, 1], [count(source), count(target)])
    domains = LogisticRegression(max_iter=1000, class_weight="balanced", random_state=seed).fit(vectors, side)
    weights = np.exp(np.clip(domains.decision_function(sketch.transform(at)), -CLIP, CLIP))
    worth = weights.sum() ** 2 / np.sum(weights**2)
    return weights / weights.mean() if worth >= max(ENOUGH, SHARE * len(weights)) else None
