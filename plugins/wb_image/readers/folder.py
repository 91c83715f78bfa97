"""A folder of images with one folder for each class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from pydantic import Field

from wb_image.readers.picture_rows import PictureRows
from wb_image.readers.pictures import decoded
from workbench.data.readers import NO_CLASSES, Examples, Reader, SourceFile, class_of
from workbench.data.rows import Rows
from workbench.errors import DataError
from workbench.settings import Settings


class ImageFolder(Reader):
    """The class is the name of the folder that an image lies in; images come out as bytes (n, size, size, 3)."""

    folders_are_classes: ClassVar[bool] = True

    class Params(Settings):
        size: int = Field(64, ge=4, le=2048, description="Height and width that every image is brought to.")
        grey: bool = Field(False, description="Whether colours are dropped.")
        strict: bool = Field(False, description="Whether a corrupt image is an error rather than skipped.")

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        images: list[np.ndarray] = []
        labels: list[str | None] = []
        corrupt: list[str] = []
        for file in files:
            image = decoded(file.read_bytes(), file.name, self.params.size, self.params.grey)
            if image is None:
                corrupt.append(file.name)
                continue
            images.append(image)
            labels.append(class_of(file))
        if corrupt and self.params.strict:
            raise DataError(f"{corrupt[0]}: not a whole image; mend or remove it, or leave strict out")
        if not images:
            raise DataError(f"{files[0].name}: none of {len(files)} files is a whole image")
        notices = (f"corrupt images were skipped: {len(corrupt)}, the first is {corrupt[0]}",) if corrupt else ()
        return Examples(np.stack(images), labels if labelled else None, notices, why_unlabelled=NO_CLASSES)

    def rows(self, files: Sequence[SourceFile]) -> Rows:
        size, grey = self.params.size, self.params.grey
        return PictureRows(files, lambda file: decoded(file.read_bytes(), file.name, size, grey))
