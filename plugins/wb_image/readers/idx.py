"""IDX, the format of MNIST: a file of images and a file of labels."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np

from workbench.data.readers import Examples, Reader, SourceFile
from workbench.errors import DataError

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


class Idx(Reader):
    """Files with three or more dimensions are images, those with one are labels; both in order of their names.

    Where a file lies beside its packed form, as torchvision leaves them, it is read once.
    """

    split_names: ClassVar[Mapping[str, str]] = {"t10k": "test"}

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        return head[:2] in (b"\0\0", b"\x1f\x8b")

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        names = {file.name for file in files}
        once = [file for file in files if file.name.removesuffix(".gz") == file.name or file.name[:-3] not in names]
        arrays = [(file.name, _array(file)) for file in once]
        images = [array for _, array in arrays if array.ndim >= 2]
        labels = [array for _, array in arrays if array.ndim == 1]
        if not images:
            raise DataError(f"{files[0].name}: no images among {len(files)} file(s); give the folder with both files")
        inputs = np.concatenate(images)
        if not labelled or not labels:
            return Examples(inputs, why_unlabelled="no file of labels among them; give the folder with both files")
        named = np.concatenate(labels)
        if len(named) != len(inputs):
            raise DataError(f"{files[0].name}: {len(inputs)} images but {len(named)} labels; give both files")
        return Examples(inputs, [str(label) for label in named.tolist()])


def _array(file: SourceFile) -> np.ndarray:
    data = file.read_bytes()
    try:
        data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        if len(data) < 4 or data[:2] != b"\0\0" or data[2] not in TYPES:
            raise ValueError("no IDX header")
        sizes = struct.unpack(f">{data[3]}I", data[4 : 4 + 4 * data[3]])
        return np.frombuffer(data, dtype=TYPES[data[2]], offset=4 + 4 * data[3]).reshape(sizes)
    except (ValueError, OSError, EOFError, struct.error) as error:
        raise DataError(f"{file.name}: not a whole IDX file ({error}); get it again") from None
