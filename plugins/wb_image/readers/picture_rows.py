"""Pictures as rows, a file each, for predictions beside their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from workbench.data.readers import SourceFile
from workbench.data.rows import Batch, Rows

FILE = "file"
MOST = 128
"""Pictures that are held at once."""


class PictureRows(Rows):
    """A row for each file; one that is no whole picture is an error."""

    fields = (FILE,)

    def __init__(self, files: Sequence[SourceFile], decode: Callable[[SourceFile], np.ndarray | None]) -> None:
        self.files, self.decode = files, decode

    def batches(self, size: int) -> Iterator[Batch]:
        size = min(size, MOST)
        for start in range(0, len(self.files), size):
            files = self.files[start : start + size]
            pictures = [self.decode(file) for file in files]
            whole = [picture for picture in pictures if picture is not None]
            errors = ["not a whole image" if picture is None else "" for picture in pictures]
            yield Batch([{FILE: file.name} for file in files], np.stack(whole) if whole else [], errors)
