"""Columns: one token a line, its columns separated by tabs or blanks, a blank line after each sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pydantic import Field

from wb_text.readers.sentences import Tagged, collect, is_number, lines_of
from workbench.data.readers import Examples, Reader, SourceFile
from workbench.errors import DataError
from workbench.settings import Settings

ADVICE = "choose columns with 'column:PATH?word=0&tag=1'"

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
        examples = collect((s for file in files for s in self._sentences(file, labelled)), files, labelled)
        return replace(examples, why_unlabelled=f"no column {self.params.tag} for the tag; {ADVICE}")

    def _sentences(self, file: SourceFile, labelled: bool) -> Iterator[Tagged]:
        rows: list[tuple[int, list[str]]] = []
        comment = self.params.comment
        separator = SEPARATORS.get(self.params.separator, self.params.separator) or None
        for number, line in lines_of(file, self.params.encoding):
            if not line.strip():
                if rows:
                    yield self._sentence(rows, file, labelled)
                rows = []
            elif not (comment and line.startswith(comment)):
                rows.append((number, line.split(separator)))
        if rows:
            yield self._sentence(rows, file, labelled)

    def _sentence(self, rows: list[tuple[int, list[str]]], file: SourceFile, labelled: bool) -> Tagged:
        """Words and tags; empty tags where the sentence has none. Raises :class:`DataError` where it has some."""
        words = [self._word(fields, file, number) for number, fields in rows]
        tags = [self._tag(fields) if labelled else "" for _, fields in rows]
        if any(tags) and not all(tags):
            number, fields = rows[tags.index("")]
            what = "is empty" if self._has(fields, self.params.tag) else f"is missing, the line has {len(fields)}"
            raise DataError(
                f"{file.name}, line {number}: column {self.params.tag} for the tag {what}, and other words of the "
                f"sentence have one; fill it in, or {ADVICE}"
            )
        return words, tags

    def _word(self, fields: list[str], file: SourceFile, number: int) -> str:
        column = self.params.word
        if not self._has(fields, column):
            raise DataError(
                f"{file.name}, line {number}: no column {column} for the word, the line has {len(fields)}; {ADVICE}"
            )
        if not fields[column].strip():
            raise DataError(f"{file.name}, line {number}: column {column} for the word is empty; fill it in")
        return fields[column].strip()

    def _tag(self, fields: list[str]) -> str:
        """The tag; empty where the line has none."""
        column, n = self.params.tag, len(fields)
        return fields[column].strip() if self._has(fields, column) and column % n != self.params.word % n else ""

    @staticmethod
    def _has(fields: list[str], column: int) -> bool:
        return -len(fields) <= column < len(fields)
