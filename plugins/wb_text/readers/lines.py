"""Texts without labels, one a line."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from wb_text.readers.sentences import lines_of, names_of
from workbench.data.readers import Examples, Reader, SourceFile
from workbench.errors import DataError
from workbench.settings import Settings


class TextLines(Reader):
    """One text a line, never labelled; empty lines are left out. It takes what no other reader recognises."""

    class Params(Settings):
        encoding: str = Field("utf-8", description="Character encoding.")

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        texts = [line.strip() for file in files for _, line in lines_of(file, self.params.encoding) if line.strip()]
        if not texts:
            raise DataError(f"{names_of(files)}: no text in it; is it the right file?")
        why = "a file of one text a line has none; give a table, e.g. CSV with the columns text and label"
        return Examples(texts, why_unlabelled=why)
