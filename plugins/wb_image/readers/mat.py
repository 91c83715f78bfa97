"""MATLAB files of features or images and labels."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from pydantic import Field

from wb_image.readers.shaping import examples_of, joined, no_labels, pick, pick_labels
from workbench.data.readers import Examples, Reader, SourceFile
from workbench.errors import DataError
from workbench.plugins.entries import missing_extra
from workbench.settings import Settings

FEATURES = ("fts", "feas", "features", "X", "Xs", "data", "fea")
LABELS = ("labels", "label", "Y", "Ys", "y", "gnd")
HDF5 = b"\x89HDF"


class Mat(Reader):
    """One variable of features, one of labels. Files of MATLAB 7.3 are HDF5 and need h5py."""

    class Params(Settings):
        features: str = Field("", description="Variable of the features; by default fts, features, X and the like.")
        labels: str = Field("", description="Variable of the labels; by default labels, label, Y and the like.")
        columns: bool = Field(False, description="Whether each column is an example.")
        last: bool = Field(False, description="Whether the last axis counts the examples, as in SVHN.")
        shape: str = Field("", description="Height and width of images that are stored as rows, e.g. 16,16.")

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        return joined([self._read(file, labelled) for file in files])

    def _read(self, file: SourceFile, labelled: bool) -> Examples:
        arrays = _variables(file)
        advice = "'mat:PATH?features=NAME&labels=NAME'"
        features = pick(file.name, arrays, self.params.features, FEATURES, "variable", advice)
        labels = pick_labels(arrays, self.params.labels, LABELS) if labelled else None
        if getattr(features, "ndim", 0) < 2 or not features.shape[0]:
            raise DataError(f"{file.name}: the features are not a matrix; name their variable with {advice}")
        if not hasattr(features, "tocsr"):
            features = np.moveaxis(features, -1, 0) if self.params.last else features
            features = features if features.dtype == np.uint8 else np.asarray(features, dtype=np.float64)
        examples = examples_of(file.name, features, labels, self.params.shape, self.params.columns, labelled)
        why = no_labels(arrays, self.params.labels, LABELS, "variable", advice) if labels is None else ""
        return replace(examples, why_unlabelled=why)


def _variables(file: SourceFile) -> Mapping[str, Any]:
    data = file.read_bytes()
    if data.startswith(HDF5) or data[512:516] == HDF5:
        return _hdf5_variables(file.name, data)
    from scipy.io import loadmat

    try:
        variables = loadmat(io.BytesIO(data))
    except Exception as error:  # SciPy raises many kinds on bytes that are not in the format
        raise DataError(f"{file.name}: not a MATLAB file ({error}); is it the right file?") from None
    return {name: value for name, value in variables.items() if not name.startswith("__")}


def _hdf5_variables(name: str, data: bytes) -> Mapping[str, Any]:
    """MATLAB stores columns first, so that what HDF5 shows is the transpose of MATLAB's matrix."""
    try:
        import h5py
    except ModuleNotFoundError:
        raise missing_extra(f"{name}, a MATLAB 7.3 file,", "h5py", "images") from None
    try:
        with h5py.File(io.BytesIO(data)) as found:
            return {key: _hdf5_values(found, found[key]) for key in found if hasattr(found[key], "shape")}
    except OSError as error:
        raise DataError(f"{name}: not a whole MATLAB 7.3 file ({error}); get it again") from None


def _hdf5_values(file: Any, stored: Any) -> np.ndarray:
    """A matrix; or the texts of a cell array, which holds references to them, or of a matrix of letters."""
    values = np.asarray(stored).T
    if values.dtype == object:
        cells = [_hdf5_values(file, file[reference]) for reference in values.ravel()]
        return np.array([cell.item() if cell.size == 1 else str(cell) for cell in cells]).reshape(values.shape)
    if stored.attrs.get("MATLAB_class") == b"char":
        return np.array(["".join(map(chr, row)) for row in np.atleast_2d(values).tolist()])
    return values
