"""A text file that lists images and their classes, as MNIST-M and many benchmarks come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from pydantic import Field

from wb_image.readers.pictures import decoded
from workbench.data import archives
from workbench.data.readers import Examples, Reader, SourceFile
from workbench.errors import DataError
from workbench.settings import Settings


class ImageList(Reader):
    """``path label`` on each line; paths are relative to the list's folder, or to ``images`` below it."""

    class Params(Settings):
        images: str = Field("", description="Folder of the images, relative to that of the list.")
        size: int = Field(64, ge=4, le=2048, description="Height and width that every image is brought to.")
        grey: bool = Field(False, description="Whether colours are dropped.")

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        """A first line that ends in an image's name and a word."""
        first = head.decode("utf-8", "replace").partition("\n")[0].rsplit(None, 1)
        return len(first) == 2 and first[0].lower().endswith((".png", ".jpg", ".jpeg", ".bmp"))

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        images: list[np.ndarray] = []
        labels: list[str] = []
        for file in files:
            for number, path, label in _lines(file):
                images.append(self._image(file, number, path))
                if labelled:
                    labels.append(label)
        if not images:
            raise DataError(f"{files[0].name}: lists no image; give lines of PATH LABEL")
        return Examples(np.stack(images), labels if labelled else None)

    def _image(self, file: SourceFile, number: int, path: str) -> np.ndarray:
        if file.path is None:
            raise DataError(f"{file.name}: a list inside an archive cannot point to its images; unpack the archive")
        found = file.path.parent / self.params.images / path
        if not found.is_file():
            raise DataError(
                f"{file.name}, line {number}: {found} is missing; put it there, or name the folder of the images with "
                "image-list:PATH?images=FOLDER"
            )
        image = decoded(archives.plain(found).read_bytes(), str(found), self.params.size, self.params.grey)
        if image is None:
            raise DataError(f"{found}: not a whole image (line {number} of {file.name}); mend it or drop the line")
        return image


def _lines(file: SourceFile) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if not line.strip():
            continue
        parts = line.rsplit(None, 1)
        if len(parts) != 2:
            raise DataError(f"{file.name}, line {number}: '{line.strip()[:60]}' is not PATH LABEL")
        yield number, parts[0].strip(), parts[1]
