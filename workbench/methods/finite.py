"""Features with missing or infinite values are refused in one line, before anything is computed from them."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.errors import DataError


class NotFinite(DataError, ValueError):
    """Features that hold NaN or an infinity; a ``ValueError`` too, as scikit-learn's users expect."""


def refuse_not_finite(features: Any, whose: str) -> None:
    """Raise :class:`NotFinite` where a matrix (n, d), dense or sparse, holds NaN or inf; ``whose`` begins the line."""
    sparse = hasattr(features, "tocsr")
    values = features.data if sparse else np.asarray(features)
    if values.dtype.kind != "f":
        return
    bad = ~np.isfinite(values)
    if not bad.any():
        return
    rows = np.unique((features.tocoo().row if sparse else np.nonzero(bad)[0])[bad if sparse else slice(None)])
    kind = "NaN" if np.isnan(values).any() else "inf"
    examples = "example" if len(rows) == 1 else "examples"
    raise NotFinite(
        f"{whose} holds {kind} in {len(rows):,} {examples} of {features.shape[0]:,}, first in row {rows[0] + 1}; fill "
        "in or leave out what is missing"
    )
