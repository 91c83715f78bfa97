"""Examples and labels of any kind: counting, selecting, converting and joining them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from workbench.errors import DataError, UsageError

Inputs = Any
"""Examples: a feature matrix (dense or SciPy sparse, n × d), a list of texts, of token lists, of images …"""

Labels = Any
"""Of n examples, by :data:`LabelKind`: class ids, an int array (n,); for sequences a list of n int arrays, one id per
token; or real numbers, a float array (n,)."""

LabelKind = Literal["classes", "sequence", "real"]
"""What a task's labels are: one class of each example, one class of each token, or one real number of each example."""


def count(values: Any) -> int:
    """The number of examples in any kind of inputs."""
    shape = getattr(values, "shape", None)
    return int(shape[0]) if shape is not None else len(values)


def iterate(values: Any) -> Iterable[Any]:
    """The examples one by one; a sparse matrix does not iterate over rows by itself."""
    return (values[i] for i in range(values.shape[0])) if hasattr(values, "tocsr") else values


def shortened(example: Any, most: int = 6) -> str:
    """One example for a line of text: a text as it is, or the first ``most`` values of a feature vector."""
    if isinstance(example, str):
        return example
    values = example.toarray().ravel() if hasattr(example, "toarray") else np.ravel(example)
    return " ".join(f"{value:.4g}" for value in values[:most]) + (" …" if len(values) > most else "")


def select(values: Any, indices: np.ndarray) -> Any:
    """The rows of an array or sparse matrix, or the items of a sequence, at ``indices``."""
    if hasattr(values, "shape"):
        return values[indices]
    return [values[i] for i in indices]


def convert(labels: Labels, lookup: np.ndarray) -> Labels:
    """``lookup[labels]``, for one id per example and for one id per token alike."""
    if isinstance(labels, np.ndarray) and labels.dtype != object:
        return lookup[labels]
    return [lookup[row] for row in labels]


def equal(first: Inputs, second: Inputs) -> bool:
    """Whether two runs of examples are the same, one by one."""
    if count(first) != count(second) or type(first) is not type(second):
        return False
    if hasattr(first, "tocsr"):
        return first.shape == second.shape and (first != second).nnz == 0
    if isinstance(first, np.ndarray):
        return np.array_equal(first, second)
    pairs = zip(first, second, strict=True)
    return all(one == other if isinstance(one, str) else np.array_equal(one, other) for one, other in pairs)


def check_finite(name: str, inputs: Inputs) -> None:
    """Raise :class:`DataError` where features, dense or sparse, hold a value that is not finite."""
    values = inputs.data if hasattr(inputs, "tocsr") else inputs
    if not isinstance(values, np.ndarray) or values.dtype.kind != "f" or np.isfinite(values).all():
        return
    bad = int((~np.isfinite(values)).sum())
    if hasattr(inputs, "tocsr"):
        where = inputs.tocoo()
        first = int(np.flatnonzero(~np.isfinite(where.data))[0])
        row, column = int(where.row[first]), int(where.col[first])
    else:
        row, column = (int(place[0]) for place in np.nonzero(~np.isfinite(values.reshape(len(values), -1))))
    raise DataError(
        f"'{name}' holds {bad:,} values that are not finite (NaN or infinite), the first in row {row + 1}, feature "
        f"{column + 1}; fill them in or leave these rows out"
    )


def concatenate(parts: Sequence[Any]) -> Any:
    """One run of examples from several: arrays and sparse matrices are stacked, sequences are chained.

    Images of different sizes become one sequence of arrays.
    """
    if len(parts) == 1:
        return parts[0]
    if all(isinstance(part, np.ndarray) for part in parts):
        alike = len({part.shape[1:] for part in parts}) == 1
        return np.concatenate(parts) if alike or parts[0].ndim < 3 else [image for part in parts for image in part]
    if all(hasattr(part, "tocsr") for part in parts):
        from scipy import sparse

        return sparse.vstack(parts, format="csr")
    return [item for part in parts for item in part]


KINDS = {
    "matrix": "feature vectors",
    "texts": "texts",
    "sentences": "sentences of words",
    "images": "images",
}
"""Kinds of inputs, and what a person calls them."""


def kind_in_words(kind: str) -> str:
    """What a person calls inputs of a kind; a plugin's own kind has its own name."""
    return KINDS.get(kind, kind)


def kind_of(inputs: Inputs) -> str:
    """The kind of inputs that a featurizer would have to take: matrix, texts, sentences (of words) or images."""
    if getattr(inputs, "ndim", 0) == 2:
        return "matrix"
    if not count(inputs):
        return "images"
    first = inputs[0]
    if isinstance(first, (list, tuple)) and all(isinstance(word, str) for word in first):
        return "sentences"
    return "texts" if isinstance(first, str) else "images"


@dataclass(frozen=True)
class Shape:
    """What inputs look like to a model: their kind and, of feature vectors, how many features."""

    kind: str
    features: int | None = None

    @classmethod
    def of(cls, inputs: Inputs) -> Shape:
        kind = kind_of(inputs)
        return cls(kind, int(inputs.shape[1]) if kind == "matrix" else None)

    def __str__(self) -> str:
        return kind_in_words(self.kind) + (f" with {self.features} features" if self.features is not None else "")

    def check(self, inputs: Inputs, where: str) -> None:
        """Raise :class:`UsageError` where a model that learnt from such inputs cannot take these."""
        given = Shape.of(inputs)
        if given != self:
            raise UsageError(f"{where}: {given}, but the model takes {self}")
