"""How much each source example counts where the target is meant: density ratios by a classifier of domains."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.data import sketches
from workbench.data.inputs import Inputs, concatenate
from workbench.scoring.statistics import effective_sample_size

CLIP = 3.0
"""Logarithms of the ratios beyond this count as this: one example decides nothing."""

ENOUGH, SHARE = 50, 0.1
"""Examples, and share of them, that the weighted ones must still be worth."""


def importance_weights(source: Inputs, target: Inputs, at: Inputs) -> np.ndarray | None:
    """Weights (h,) of mean 1 of the source examples ``at``, which are not among ``source``.

    The ratio is the odds of a logistic classifier of short vectors of the examples (:mod:`workbench.data.sketches`).
    None where these have none, and where weighting is not sound: the weighted examples would be worth too few (Kish's
    (Σ w)² / Σ w²), since source and target hardly overlap.

    References
    ----------
    Bickel, Brückner & Scheffer (JMLR 2009), Discriminative learning under covariate shift.
    """
    sketch = sketches.fit(target)
    if sketch is None:
        return None
    logarithms = log_odds(sketch.transform(source), sketch.transform(target), sketch.transform(at))
    weights = np.exp(np.clip(logarithms, -CLIP, CLIP))
    sound = effective_sample_size(weights) >= max(ENOUGH, SHARE * len(weights))
    return weights / weights.mean() if sound else None


def log_odds(source: Any, target: Any, at: Any, cost: float = 1.0, balanced: bool = True) -> np.ndarray:
    """Logarithms (h,) of the odds that a logistic classifier of the domains gives rows ``at`` of being the target's.

    Parameters
    ----------
    source, target, at : matrix, shapes (n, d), (m, d) and (h, d), dense or sparse
    cost : float
        Of the logistic loss beside the squared coefficients.
    balanced : bool
        Whether both domains count alike: the odds are then the density ratio, else m / n of it.
    """
    from sklearn.linear_model import LogisticRegression

    side = np.repeat([0, 1], [source.shape[0], target.shape[0]])
    domains = LogisticRegression(C=cost, max_iter=1000, class_weight="balanced" if balanced else None)
    return np.asarray(domains.fit(concatenate([source, target]), side).decision_function(at))
