"""Light features of both domains' examples, made once for all checks without any library that is slow to import."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.data.checks import NotApplicable
from workbench.data.inputs import Inputs, kind_in_words, kind_of
from workbench.data.pairs import Pair

TERMS = 20_000
"""The most frequent terms are features."""

LONGEST = 20_000
"""Characters of a text that are looked at."""

SIDE = 16
"""Height and width of the grey thumbnail that stands for an image."""

LUMINANCE = np.array([0.299, 0.587, 0.114])

_WORD = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")


@dataclass(frozen=True, eq=False)
class Features:
    """Comparable features of two domains: rows of about unit length, dense or sparse, with a name for each column."""

    source: Any
    target: Any
    names: tuple[str, ...]

    @property
    def both(self) -> Any:
        """All rows, those of the source first."""
        if isinstance(self.source, np.ndarray):
            return np.concatenate([self.source, self.target])
        from scipy import sparse

        return sparse.vstack([self.source, self.target], format="csr")


def kind(pair: Pair) -> str:
    """The kind of both domains' inputs. Raises :class:`NotApplicable` where they differ or are of no known kind."""
    source, target = kind_of(pair.source.inputs), kind_of(pair.target.inputs)
    if source != target:
        raise NotApplicable(f"the source holds {kind_in_words(source)}, the target {kind_in_words(target)}")
    if source == "images" and not isinstance(pair.source.inputs[0], np.ndarray):
        raise NotApplicable(f"nothing is known of examples of {pair.problem.task}")
    return source


def documents(pair: Pair) -> tuple[list[list[str]], list[list[str]]]:
    """The lower-cased words of each text or sentence of both samples."""
    name = pair.computed(kind)
    if name not in ("texts", "sentences"):
        raise NotApplicable(f"{kind_in_words(name)} have no words")
    return words(pair.source.inputs), words(pair.target.inputs)


@dataclass(frozen=True, eq=False)
class Occurrences:
    """The words of both samples as numbers, in order, those of the source first.

    Attributes
    ----------
    words : tuple of str
        Number i is words[i].
    numbers : ndarray, shape (running words,)
    texts : ndarray, shape (running words,)
        The text that each is in.
    sources, count : int
        How many texts are the source's, and how many there are.
    """

    words: tuple[str, ...]
    numbers: np.ndarray
    texts: np.ndarray
    sources: int
    count: int

    def in_texts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The texts, the numbers and the counts of the different words of each text."""
        keys, counts = np.unique(self.texts * len(self.words) + self.numbers, return_counts=True)
        texts, numbers = np.divmod(keys, max(1, len(self.words)))
        return texts, numbers, counts


def occurrences(pair: Pair) -> Occurrences:
    """The words of :func:`documents`, numbered as they come."""
    source, target = pair.computed(documents)
    place: dict[str, int] = {}
    numbers = [place.setdefault(word, len(place)) for text in source + target for word in text]
    texts = np.repeat(np.arange(len(source) + len(target)), [len(text) for text in source + target])
    return Occurrences(tuple(place), np.array(numbers, dtype=np.int64), texts, len(source), len(source) + len(target))


def words(inputs: Inputs) -> list[list[str]]:
    """The lower-cased words of texts, or of sentences that are split into words."""
    return [
        _WORD.findall(text[:LONGEST].lower()) if isinstance(text, str) else [word.lower() for word in text]
        for text in inputs
    ]


def features(pair: Pair) -> Features:
    """Features of the samples: TF-IDF of words, image thumbnails with statistics, or the given ones, standardised."""
    name = pair.computed(kind)
    if min(len(pair.source), len(pair.target)) < 4:
        raise NotApplicable("a domain has fewer than four examples")
    if name in ("texts", "sentences"):
        return _of_words(pair.computed(occurrences))
    if name == "images":
        source, target = (thumbnails(domain.inputs) for domain in (pair.source, pair.target))
        titles = tuple(f"pixel {row},{column}" for row in range(SIDE) for column in range(SIDE))
        return _standardised(source, target, titles)
    source, target = pair.source.inputs, pair.target.inputs
    titles = tuple(f"feature {number + 1}" for number in range(source.shape[1]))
    if hasattr(source, "tocsr") or hasattr(target, "tocsr"):
        return _sparse(source, target, titles)
    return _standardised(np.asarray(source, dtype=np.float64), np.asarray(target, dtype=np.float64), titles)


def _of_words(given: Occurrences) -> Features:
    """TF-IDF with sublinear counts, rows of unit length, of words that are in at least two texts."""
    from scipy import sparse

    texts, numbers, counts = given.in_texts()
    frequency = np.bincount(numbers, minlength=len(given.words))
    chosen = np.argsort(-frequency, kind="stable")[:TERMS]
    chosen = chosen[frequency[chosen] > 1]
    if not len(chosen):
        raise NotApplicable("no word is in two texts")
    place = np.full(len(given.words), -1)
    place[chosen] = np.arange(len(chosen))
    idf = np.log((1 + given.count) / (1 + frequency)) + 1
    kept = place[numbers] >= 0
    texts, numbers, counts = texts[kept], numbers[kept], counts[kept]
    weights = (1 + np.log(counts)) * idf[numbers]
    matrix = sparse.csr_matrix((weights, (texts, place[numbers])), shape=(given.count, len(chosen)))
    matrix = _unit_rows(matrix)
    names = tuple(given.words[number] for number in chosen)
    return Features(matrix[: given.sources], matrix[given.sources :], names)


def _sparse(source: Any, target: Any, names: tuple[str, ...]) -> Features:
    """Sparse counts or weights, damped, with each column's root mean square as its unit, rows of unit length."""
    from scipy import sparse

    both = sparse.vstack([sparse.csr_matrix(source), sparse.csr_matrix(target)], format="csr").astype(np.float64)
    both.data = np.sign(both.data) * np.log1p(np.abs(np.nan_to_num(both.data)))
    both = _unit_rows(both)
    return Features(both[: source.shape[0]], both[source.shape[0] :], names)


def _unit_rows(matrix: Any) -> Any:
    from scipy import sparse

    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.where(length > 0, length, 1.0)) @ matrix)


def _standardised(source: np.ndarray, target: np.ndarray, names: tuple[str, ...]) -> Features:
    """z-scores over both domains, over the root of how many features vary: rows of unit length on the average."""
    both = np.concatenate([source, target])
    both = np.where(np.isfinite(both), both, np.nan)
    missing = np.isnan(both)
    if missing.any():
        both = np.where(missing, np.nan_to_num(np.nanmean(both, axis=0)), both)
    spread = both.std(axis=0)
    varying = spread > 1e-12 * (1 + np.abs(both).max(axis=0, initial=0.0))
    scaled = np.where(varying, (both - both.mean(axis=0)) / np.where(varying, spread, 1.0), 0.0)
    scaled = np.clip(scaled, -10, 10) / np.sqrt(max(1, int(varying.sum())))
    return Features(scaled[: len(source)], scaled[len(source) :], names)


def thumbnails(images: Inputs) -> np.ndarray:
    """Grey images of SIDE × SIDE, each value the mean of a block of pixels; shape (n, SIDE²)."""
    return np.stack([_thumbnail(grey(image)) for image in images]).reshape(len(images), -1)


def grey(image: np.ndarray) -> np.ndarray:
    """Brightness (height, width) of an image with or without colours."""
    values = np.asarray(image, dtype=np.float64)
    if values.ndim == 3:
        return np.asarray(values[..., :3] @ LUMINANCE if values.shape[-1] >= 3 else values[..., 0])
    return values


def _thumbnail(values: np.ndarray) -> np.ndarray:
    for axis in (0, 1):
        edges = np.linspace(0, values.shape[axis], SIDE + 1).astype(int)
        edges = np.minimum(edges[:-1], values.shape[axis] - 1)
        width = np.diff(np.r_[edges, values.shape[axis]])
        shape = (-1, 1) if axis == 0 else (1, -1)
        values = np.add.reduceat(values, edges, axis=axis) / np.maximum(width, 1).reshape(shape)
    return values
