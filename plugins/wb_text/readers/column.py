"""Columns: one token a line, its columns separated by tabs or blanks, a blank line after each sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pydantic import Field

from wb_text.readers.sentences import Tagged, collect, is_number, lines_of
from workbench.data.readers import Examples, Reader, SourceFile
from workbench.errors import DataError
from workbench.settings import Settings

SEPARATORS = {"tab": "\t", "\\t": "\t", "space": " "}
"""Separators that are hard to type, by name."""

FILE_NAME = re.compile(r".+\.[A-Za-z]{2,4}")


class Column(Reader):
    """Words and tags from the columns that the settings name."""

    class Params(Settings):
        word: int = Field(0, description="Column of the word, from 0; negative counts from the end.")
        tag: int = Field(1, description="Column of the tag, from 0; negative counts from the end.")
        separator: str = Field("", description="What separates columns, e.g. tab or ';'; white space when empty.")
        comment: str = Field("", description="Lines that begin with this are skipped.")
        encoding: str = Field("utf-8", description="Character encoding.")

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        """Two lines or more with the same few columns that are no ``word/TAG``, numbers or names of files."""
        lines = [line.split() for line in head.decode("utf-8", "replace").split("\n")[:20] if line.strip()]
        whole = lines[:-1] if len(lines) > 2 else lines  # the last may be cut off
        slashes = all("/" in field[1:] for line in whole for field in line)
        numbered = all(is_number(line[0]) for line in whole[1:])
        files = all(FILE_NAME.fullmatch(line[0]) for line in whole)
        same = len({len(line) for line in whole}) == 1
        return len(lines) > 1 and same and 1 < len(whole[0]) <= 12 and not (slashes or numbered or files)

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        return collect((s for file in files for s in self._sentences(file, labelled)), files, labelled)

    def _sentences(self, file: SourceFile, labelled: bool) -> Iterator[Tagged]:
        words: list[str] = []
        names: list[str] = []
        comment = self.params.comment
        separator = SEPARATORS.get(self.params.separator, self.params.separator) or None
        for number, line in lines_of(file, self.params.encoding):
            if not line.strip():
                if words:
                    yield words, names
                words, names = [], []
            elif not (comment and line.startswith(comment)):
                fields = line.split(separator)
                words.append(self._field(fields, self.params.word, "word", file, number))
                names.append(self._field(fields, self.params.tag, "tag", file, number) if labelled else "")
        if words:
            yield words, names

    def _field(self, fields: list[str], column: int, what: str, file: SourceFile, number: int) -> str:
        try:
            value = fields[column].strip()
        except IndexError:
            raise DataError(
                f"{file.name}, line {number}: no column {column} for the {what}, the line has {len(fields)}; "
                f"choose columns with 'column:PATH?word=0&tag=1'"
            ) from None
        if not value:
            raise DataError(f"{file.name}, line {number}: column {column} for the {what} is empty; fill it in")
        return value
