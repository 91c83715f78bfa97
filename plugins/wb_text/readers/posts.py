"""Messages, one a file, in one folder for each class: the 20 Newsgroups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from wb_text.readers.sentences import names_of
from workbench.data.readers import NO_CLASSES, Examples, Reader, SourceFile, class_of
from workbench.errors import DataError
from workbench.settings import Settings


class Posts(Reader):
    """The class is the name of the folder; the header, up to the first empty line, tells it and is dropped."""

    folders_are_classes: ClassVar[bool] = True

    class Params(Settings):
        encoding: str = Field("latin-1", description="Character encoding.")
        header: bool = Field(False, description="Whether the lines of the header are kept.")

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        texts: list[str] = []
        labels: list[str | None] = []
        empty = 0
        for file in files:
            text = file.read_text(self.params.encoding)
            body = text if self.params.header else text.partition("\n\n")[2]
            if not body.strip():
                empty += 1
                continue
            texts.append(" ".join(body.split()))
            if labelled:
                labels.append(class_of(file))
        if not texts:
            raise DataError(f"{names_of(files)}: no messages with a text in it; is it the right folder?")
        notices = (f"messages without a text were skipped: {empty}",) if empty else ()
        return Examples(texts, labels if labelled else None, notices, why_unlabelled=NO_CLASSES)
