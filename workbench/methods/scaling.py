"""How feature matrices are scaled before a method sees them; the baseline's features are scaled alike.

Scaling per domain is itself a simple adaptation (of every feature's mean and spread). The field's tables use it,
so the choice is a setting, shared with the baseline and recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from workbench.data.inputs import concatenate, count
from workbench.errors import UsageError

Scaling = Literal["auto", "none", "unit", "standard", "per-domain", "frequencies", "hellinger"]
"""``none``: as they are; ``unit``: rows of length 1; ``standard``: z-scores over all domains together;
``per-domain``: z-scores within each domain; ``frequencies``: rows that sum to 1, then z-scores within each domain
(the protocol of Long et al., ICCV 2013, for histograms); ``hellinger``: the same with the square roots of the shares,
whose inner product is Hellinger's affinity of histograms; ``auto``: what :func:`choose` finds."""


@dataclass(frozen=True, eq=False)
class Scaled:
    """Scaled sources and target, the fitted transformer that scales more target examples alike, and its name.

    ``source_transformer`` scales more source examples; of several sources that were scaled each by itself, as one.
    """

    sources: list[Any]
    target: Any
    transformer: Any
    name: str
    source_transformer: Any


def choose(features: Any) -> str:
    """``frequencies`` for dense features without negative values, ``standard`` for dense, ``none`` for sparse."""
    if hasattr(features, "tocsr"):
        return "none"
    return "frequencies" if count(features) and np.min(features) >= 0 else "standard"


def scale(name: str, sources: Sequence[Any], target: Any) -> Scaled:
    """Scale each source (n_i, d) and the target (m, d) by a :data:`Scaling` other than ``auto``."""
    if name not in ("none", "unit") and hasattr(target, "tocsr"):
        raise UsageError(f"--scaling {name} would make sparse features dense; give --scaling none or unit")
    if name == "hellinger" and any(count(x) and np.min(x) < 0 for x in (*sources, target)):
        raise UsageError("--scaling hellinger is for counts or shares, and there are negative features; give another")
    per_domain = name in ("per-domain", "frequencies", "hellinger")
    together = None if per_domain or name in ("none", "unit") else concatenate([*sources, target])
    fitted = _steps(name).fit(target if together is None else together)
    if per_domain:
        of_source = _steps(name).fit(concatenate(list(sources)))
        own = [_steps(name).fit_transform(x) for x in sources]
        return Scaled(own, fitted.transform(target), fitted, name, of_source)
    return Scaled([fitted.transform(x) for x in sources], fitted.transform(target), fitted, name, fitted)


def _steps(name: str) -> Any:
    """The scaling as an unfitted scikit-learn estimator."""
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, Normalizer, StandardScaler

    if name == "none":
        return FunctionTransformer(accept_sparse=True)
    if name == "unit":
        return Normalizer("l2")
    if name == "frequencies":
        return make_pipeline(Normalizer("l1"), StandardScaler())
    if name == "hellinger":
        # Clipped, since an unseen example may hold what no histogram does.
        return make_pipeline(
            Normalizer("l1"),
            FunctionTransformer(np.clip, kw_args={"a_min": 0, "a_max": None}),
            FunctionTransformer(np.sqrt),
            StandardScaler(),
        )
    return StandardScaler()
