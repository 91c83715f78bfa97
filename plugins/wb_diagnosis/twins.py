"""Target examples that the source holds, too: exactly, and nearly."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from wb_diagnosis.features import Occurrences, kind, occurrences, thumbnails
from workbench.data.inputs import Inputs, iterate
from workbench.data.pairs import Pair

RUN = 5
"""Words of a run, the least that an example must have to count."""

SIMILAR = 0.5
"""Share of runs in common (Jaccard) from which on texts are near."""

COMMON = 20
"""A run that is in more texts than this says nothing."""

KEPT = 4
"""One run of so many is looked at to find candidates."""

CORRELATED = 0.995
"""Correlation of thumbnails from which on images are near."""


@dataclass(frozen=True)
class Twins:
    """How many of ``n`` target examples are in the source: exactly, or only nearly; and the number of the first."""

    exact: int
    near: int
    n: int
    first: int
    looked_near: bool
    share: float


def twins(pair: Pair) -> Twins:
    """Exact twins over whole domains, near ones over the samples; ``share`` is the greater of both shares."""
    name = pair.computed(kind)
    source, target = pair.problem.source.inputs, pair.problem.target.inputs
    known = {key for key in _keys(source) if key is not None}
    exact = np.array([key in known for key in _keys(target)], dtype=bool)
    near = np.zeros(0, dtype=bool)
    if name in ("texts", "sentences"):
        near = near_texts(pair.computed(occurrences))
    elif name == "images":
        near = near_images(pair.source.inputs, pair.target.inputs)
    same = len(pair.target) == len(pair.problem.target)
    only_near = near & ~exact if same and len(near) else near
    share = float(exact.mean()) if len(exact) else 0.0
    if len(near):
        share = max(share, float((exact | near).mean() if same else near.mean()))
    first = int(exact.argmax()) if exact.any() else int(near.argmax()) if same and len(near) else 0
    return Twins(int(exact.sum()), int(only_near.sum()), len(exact), first, bool(len(near)), share)


def _keys(inputs: Inputs) -> Iterator[bytes | None]:
    """What is equal for equal examples; None for those too short or empty to be told by."""
    for example in iterate(inputs):
        if isinstance(example, str):
            words = example.lower().split()
            yield _digest(" ".join(words).encode()) if len(words) >= RUN else None
        elif isinstance(example, (list, tuple)):
            yield _digest(" ".join(example).lower().encode()) if len(example) >= RUN else None
        elif hasattr(example, "tocsr"):
            row = example.tocsr()
            row.sum_duplicates()
            whole = np.concatenate([row.indices.astype(np.float64), row.data.astype(np.float64)])
            yield _digest(whole.tobytes()) if row.nnz > 1 else None
        else:
            values = np.asarray(example)
            yield _digest(repr(values.shape).encode() + values.tobytes()) if np.ptp(values) > 0 else None


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=12).digest()


def near_texts(given: Occurrences) -> np.ndarray:
    """Which target texts (m,) share at least half of their runs of five words with one of the source.

    Candidates share a run whose hash is 0 modulo :data:`KEPT` (Broder, SEQUENCES 1997); each is then compared whole.
    """
    runs, texts = _runs(given)
    starts = np.searchsorted(texts, np.arange(given.count + 1))
    looked_at = runs % np.uint64(KEPT) == 0
    near = np.zeros(given.count - given.sources, dtype=bool)
    for first, second in _candidates(runs[looked_at], texts[looked_at], given.sources):
        if not near[second - given.sources]:
            one, other = (runs[starts[text] : starts[text + 1]] for text in (first, second))
            shared = len(np.intersect1d(one, other, assume_unique=True))
            near[second - given.sources] = shared >= SIMILAR * (len(one) + len(other) - shared)
    return near


def _runs(given: Occurrences) -> tuple[np.ndarray, np.ndarray]:
    """The different hashes of runs of words of each text, and their texts, in order of the texts."""
    numbers, texts = given.numbers.astype(np.uint64), given.texts
    n = max(0, len(numbers) - RUN + 1)
    hashed = np.zeros(n, dtype=np.uint64)
    for step in range(RUN):
        hashed = hashed * np.uint64(0x9E3779B97F4A7C15) + numbers[step : n + step] + np.uint64(1)
        hashed ^= hashed >> np.uint64(29)
    inside = texts[:n] == texts[RUN - 1 : n + RUN - 1]
    hashed, texts = hashed[inside], texts[:n][inside]
    order = np.lexsort((hashed, texts))
    hashed, texts = hashed[order], texts[order]
    new = np.r_[True, (hashed[1:] != hashed[:-1]) | (texts[1:] != texts[:-1])][: len(hashed)]
    return hashed[new], texts[new]


def _candidates(runs: np.ndarray, texts: np.ndarray, sources: int) -> set[tuple[int, int]]:
    """Pairs of a source and a target text that hold the same run, which not many texts hold."""
    order = np.argsort(runs, kind="stable")
    runs, texts = runs[order], texts[order]
    borders = np.r_[0, np.flatnonzero(runs[1:] != runs[:-1]) + 1, len(runs)]
    sizes = np.diff(borders)
    pairs = set()
    for number in np.flatnonzero((sizes > 1) & (sizes <= COMMON)):
        held = texts[borders[number] : borders[number + 1]]
        if held[0] < sources <= held[-1]:
            pairs |= {(int(one), int(other)) for one in held[held < sources] for other in held[held >= sources]}
    return pairs


def near_images(source: Any, target: Any) -> np.ndarray:
    """Which target images (m,) have a thumbnail that correlates with one of the source; blank ones have none."""
    sides = [_normal(thumbnails(side)) for side in (source, target)]
    return np.asarray((sides[1] @ sides[0].T).max(axis=1) >= CORRELATED)


def _normal(thumbs: np.ndarray) -> np.ndarray:
    centred = thumbs - thumbs.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.asarray(np.where(length > 1e-9, centred / np.maximum(length, 1e-9), 0.0))
