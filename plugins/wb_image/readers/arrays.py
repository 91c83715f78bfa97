"""NumPy archives and svmlight files of features."""

from __future__ import annotations

import bz2
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from pydantic import Field

from wb_image.readers.shaping import examples_of, joined, label_name, no_labels, pick, pick_labels
from workbench.data.inputs import concatenate
from workbench.data.readers import Examples, Reader, SourceFile
from workbench.errors import DataError
from workbench.settings import Settings

FEATURES = ("x", "X", "features", "images", "data", "inputs")
BZIP2 = b"BZh"
UNLABELLED = re.compile(rb"(?m)^[ \t]*\d+:")
"""The beginning of an svmlight line without a label."""
LABELS = ("y", "Y", "labels", "label", "targets")


class Npz(Reader):
    """One array of features (n, d) or images (n, h, w[, c]), one of labels (n,). Pickled objects are refused."""

    class Params(Settings):
        features: str = Field("", description="Array of the features; by default x, features, images and the like.")
        labels: str = Field("", description="Array of the labels; by default y, labels and the like.")
        shape: str = Field("", description="Height and width of images that are stored as rows, e.g. 16,16.")

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        return joined([self._read(file, labelled) for file in files])

    def _read(self, file: SourceFile, labelled: bool) -> Examples:
        advice = "'npz:PATH?features=NAME&labels=NAME'"
        try:
            with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as found:
                features = pick(file.name, found, self.params.features, FEATURES, "array", advice)
                labels = pick_labels(found, self.params.labels, LABELS) if labelled else None
                why = no_labels(found, self.params.labels, LABELS, "array", advice)
        except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise DataError(f"{file.name}: not a NumPy archive of plain arrays ({error})") from None
        if features.ndim < 2:
            raise DataError(f"{file.name}: the features are not a matrix; name their array with {advice}")
        examples = examples_of(file.name, features, labels, self.params.shape, labelled=labelled)
        return replace(examples, why_unlabelled=why if labels is None else "")


class SVMLight(Reader):
    """``label index:value index:value …``, one example a line; the label is a name or a number, or missing.

    Sparse features; or, with ``shape``, images as bytes. Files packed with bzip2 (LIBSVM's page) read alike.
    """

    class Params(Settings):
        features: int = Field(0, ge=0, description="Number of features; 0: the largest index.")
        shape: str = Field("", description="Height and width of images, e.g. 16,16.")
        low: float = Field(0.0, description="Value of an image's darkest points.")
        high: float = Field(255.0, description="Value of an image's brightest points.")

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        """Packed, or a first line of a label and pairs, or of pairs alone."""
        first = head.partition(b"\n")[0].split()
        return head.startswith(BZIP2) or (len(first) > 1 and b":" in first[1])

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        from sklearn.datasets import load_svmlight_files

        streams = [io.BytesIO(UNLABELLED.sub(rb"nan \g<0>", _unpacked(file))) for file in files]
        try:
            matrices = load_svmlight_files(streams, n_features=self.params.features or None)
        except (ValueError, OverflowError) as error:
            raise DataError(f"{files[0].name}: not in svmlight format ({error}); give 'label index:value …'") from None
        inputs = concatenate(matrices[0::2])
        if not inputs.shape[0]:
            raise DataError(f"{files[0].name}: no examples in it; is it the right file?")
        labels = [label for part in matrices[1::2] for label in part.tolist()] if labelled else None
        if not self.params.shape:
            return Examples(inputs, None if labels is None else [label_name(label) for label in labels])
        low, high = self.params.low, self.params.high
        if high <= low:
            raise DataError(f"{files[0].name}: ?low={low:g} must lie below ?high={high:g}")
        pixels = np.clip((inputs.toarray() - low) * (255 / (high - low)), 0, 255).round().astype(np.uint8)
        return examples_of(files[0].name, pixels, labels, self.params.shape, labelled=labelled)


def _unpacked(file: SourceFile) -> bytes:
    data = file.read_bytes()
    try:
        return bz2.decompress(data) if data.startswith(BZIP2) else data
    except (OSError, ValueError) as error:
        raise DataError(f"{file.name}: a damaged bzip2 file ({error}); get it again") from None
