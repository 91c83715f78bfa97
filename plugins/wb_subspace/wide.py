"""Sparse features, such as TF-IDF, as leading singular directions: alignment needs dense ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from workbench.data.inputs import concatenate

DIRECTIONS = 500


@dataclass(frozen=True, eq=False)
class Narrowing:
    """What was done to the features: nothing, or a truncated singular value decomposition of both domains."""

    transformer: Any = None
    notes: dict[str, Any] = field(default_factory=dict)

    def before(self, transformer: Any) -> Any:
        """``transformer``, for features as they came."""
        if self.transformer is None:
            return transformer
        from sklearn.pipeline import make_pipeline

        return make_pipeline(self.transformer, transformer)


def narrow(source: Any, target: Any, seed: int) -> tuple[Narrowing, np.ndarray, np.ndarray]:
    """Dense features of both domains: as they are, or for sparse ones their 500 leading singular directions."""
    if not hasattr(source, "tocsr"):
        return Narrowing(), np.asarray(source, dtype=np.float64), np.asarray(target, dtype=np.float64)
    from sklearn.decomposition import TruncatedSVD

    together = concatenate([source, target])
    k = min(DIRECTIONS, min(together.shape) - 1)
    decomposition = TruncatedSVD(k, random_state=seed)
    moved = decomposition.fit_transform(together)
    n = source.shape[0]
    return Narrowing(decomposition, {"singular_directions": k}), moved[:n], decomposition.transform(target)
