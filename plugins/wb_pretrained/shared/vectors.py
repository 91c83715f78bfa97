"""Vectors that a frozen network gives examples: costly, so they are kept in the cache folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

import numpy as np

from workbench import environment
from workbench.files import new_file


def cached(parts: Iterable[bytes], compute: Callable[[], np.ndarray]) -> np.ndarray:
    """What ``compute`` returns; taken from the cache where the same ``parts`` were asked for before."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    path = environment.cache_folder() / "vectors" / f"{digest.hexdigest()[:32]}.npz"
    if path.exists():
        with np.load(path, allow_pickle=False) as arrays:
            vectors: np.ndarray = arrays["vectors"]
            return vectors
    vectors = compute()
    with new_file(path) as temporary:
        np.savez(temporary, vectors=vectors)
    return vectors
