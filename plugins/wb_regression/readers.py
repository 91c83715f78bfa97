"""Readers of numeric targets: tables, NumPy arrays, and texts with a number."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from pydantic import Field

from wb_image.readers.arrays import FEATURES
from wb_image.readers.shaping import joined, no_labels, pick, pick_labels
from wb_image.readers.table import Numbers
from wb_text.readers.table import Table
from workbench.data.readers import Examples, Reader, SourceFile
from workbench.errors import DataError
from workbench.settings import Settings

TARGET = b"target"
NPY = b"\x93NUMPY"
ARCHIVE_HEAD = 60
"""Bytes of a zip archive that hold the name of its first member."""

TARGETS = ("y", "Y", "targets", "target", "labels", "label")


class TargetTable(Numbers):
    """One column holds the target, a number; every other one, or those that are named, is a feature."""

    named = "targets"

    class Params(Numbers.Params):
        label: str = Field("target", description="Column of the target.")

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        """Tables of numbers are other tasks' too: one is for regression where a column is called the target."""
        names = head.partition(b"\n")[0].replace(b"\t", b",").split(b",")
        return TARGET in [name.strip().strip(b'"') for name in names] and super().recognises(head)

    def labels(self, columns: dict[str, list[object]], file: SourceFile) -> list[object]:
        return list(numbers(super().labels(columns, file), f"{file.name}, column '{self.params.label}'"))


class RatedTexts(Table):
    """One text and one number a row, e.g. a review and its stars; rows without any text are skipped with a notice."""

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        examples = super().read(files, labelled)
        if not labelled:
            return examples
        where = f"{files[0].name}, column '{examples.columns.get('label', 'label')}'"
        return replace(examples, labels=numbers(examples.labels, where))


class TargetArrays(Reader):
    """An archive with one array of features (n, d) and one of targets (n,); or one matrix with a column of targets."""

    class Params(Settings):
        features: str = Field("", description="Array of the features; by default x, features and the like.")
        labels: str = Field("", description="Array of the targets; by default y, targets and the like.")
        column: int = Field(-1, description="Column of the targets in a single matrix (.npy); −1: the last.")

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        """An archive is other tasks' too, unless its first array is the target; a single matrix is no one else's."""
        return head.startswith(NPY) or TARGET in head[:ARCHIVE_HEAD]

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        return joined([self._read(file, labelled) for file in files])

    def _read(self, file: SourceFile, labelled: bool) -> Examples:
        try:
            loaded = np.load(io.BytesIO(file.read_bytes()), allow_pickle=False)
            if isinstance(loaded, np.ndarray):
                return self._split(file, loaded, labelled)
            with loaded:
                advice = "'target-arrays:PATH?features=NAME&labels=NAME'"
                features = pick(file.name, loaded, self.params.features, FEATURES, "array", advice)
                targets = pick_labels(loaded, self.params.labels, TARGETS) if labelled else None
        except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise DataError(f"{file.name}: not a NumPy file of plain arrays ({error})") from None
        if features.ndim != 2:
            raise DataError(f"{file.name}: the features are not a matrix; name their array with {advice}")
        if targets is None:
            return Examples(features, why_unlabelled=no_labels(loaded, self.params.labels, TARGETS, "array", advice))
        values = numbers(np.ravel(targets).tolist(), file.name)
        if len(values) != len(features):
            raise DataError(f"{file.name}: {len(features)} examples but {len(values)} targets")
        return Examples(features, values)

    def _split(self, file: SourceFile, matrix: np.ndarray, labelled: bool) -> Examples:
        column = self.params.column
        if matrix.ndim != 2 or not -matrix.shape[1] <= column < matrix.shape[1]:
            raise DataError(f"{file.name}: no matrix with a column {column}; its shape is {matrix.shape}")
        features = np.delete(matrix, column, axis=1)
        return Examples(features, numbers(matrix[:, column].tolist(), file.name) if labelled else None)


def numbers(values: Iterable[object], where: str) -> list[float | None]:
    """The values as finite numbers; None for one that is missing: None or NaN.

    Raises :class:`DataError` that names the first row with anything else.
    """
    found: list[float | None] = []
    for row, value in enumerate(values, 1):
        try:
            number = math.nan if value is None else float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise DataError(f"{where}, row {row}: '{value}' is no number; a target is one for each example") from None
        if math.isinf(number):
            raise DataError(f"{where}, row {row}: '{value}' is no finite number; fill it in or leave the row out")
        found.append(None if math.isnan(number) else number)
    return found
