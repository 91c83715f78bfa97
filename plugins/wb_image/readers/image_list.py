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

PICTURES = (".png", ".jpg", ".jpeg", ".bmp")


class ImageList(Reader):
    """``path label`` or ``path`` on each line; paths are relative to the list's folder, or to ``images`` below it."""

    class Params(Settings):
        images: str = Field("", description="Folder of the images, relative to that of the list.")
        size: int = Field(64, ge=4, le=2048, description="Height and width that every image is brought to.")
        grey: bool = Field(False, description="Whether colours are dropped.")

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        """A first line that is an image's name, or ends in one and a word."""
        first = head.decode("utf-8", "replace").partition("\n")[0].strip()
        return any(part.lower().endswith(PICTURES) for part in (first, *first.rsplit(None, 1)[:1]))

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        images: list[np.ndarray] = []
        labels: list[str | None] = []
        for file in files:
            for number, path, label in _lines(file):
                images.append(self._image(file, number, path))
                if labelled:
                    labels.append(label)
        if not images:
            raise DataError(f"{files[0].name}: lists no image; give lines of PATH LABEL")
        return Examples(np.stack(images), labels if labelled else None, why_unlabelled="give lines of PATH LABEL")

    def _image(self, file: SourceFile, number: int, path: str) -> np.ndarray:
        if file.path is None:
            raise DataError(f"{file.name}: a list inside an archive cannot point to its images; unpack the archive")
        place = file.path.parent / self.params.images / path
        if not place.is_file():
            raise DataError(
                f"{file.name}, line {number}: {place} is missing; put it there, or name the folder of the images with "
                "image-list:PATH?images=FOLDER"
            )
        image = decoded(archives.plain(place).read_bytes(), str(place), self.params.size, self.params.grey)
        if image is None:
            raise DataError(f"{place}: not a whole image (line {number} of {file.name}); mend it or drop the line")
        return image


def _lines(file: SourceFile) -> Iterator[tuple[int, str, str | None]]:
    """The number, the path and, where there is one, the label of each line."""
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if not line.strip():
            continue
        parts = line.rsplit(None, 1)
        if line.strip().lower().endswith(PICTURES):
            yield number, line.strip(), None
        elif len(parts) == 2:
            yield number, parts[0].strip(), parts[1]
        else:
            raise DataError(f"{file.name}, line {number}: '{line.strip()[:60]}' is neither PATH LABEL nor PATH")
