"""CoNLL-U: ten columns a token, a blank line after each sentence (universaldependencies.org/format)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from pydantic import Field

from wb_text.readers.conllu_rows import CoNLLURows
from wb_text.readers.sentences import Tagged, collect, lines_of
from workbench.data.readers import Examples, Reader, SourceFile
from workbench.data.rows import Rows
from workbench.errors import DataError
from workbench.settings import Settings

COLUMNS = 10
WORD, UPOS, XPOS = 1, 3, 4


class CoNLLU(Reader):
    """Words and their tags; multiword-token and empty-node lines are skipped."""

    class Params(Settings):
        tags: Literal["xpos", "upos"] = Field("xpos", description="Treebank-specific or universal tags.")
        encoding: str = Field("utf-8", description="Character encoding.")

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        lines = [line for line in head.decode("utf-8", "replace").split("\n")[:50] if line and line[0] != "#"]
        return bool(lines) and lines[0].count("\t") == COLUMNS - 1

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        chosen = self.params.tags
        examples = collect((s for file in files for s in self._sentences(file, chosen)), files, labelled)
        if labelled and chosen == "xpos" and not len(examples.with_label):
            universal = collect((s for file in files for s in self._sentences(file, "upos")), files, labelled)
            if len(universal.with_label):
                notice = f"{files[0].name}: no treebank tags (XPOS) in it; the universal tags (UPOS) are used"
                return replace(universal, notices=(*universal.notices, notice))
        return replace(examples, why_unlabelled="its columns of tags hold nothing but '_'")

    def rows(self, files: Sequence[SourceFile]) -> Rows:
        return CoNLLURows(files, XPOS if self.params.tags == "xpos" else UPOS, self.params.encoding)

    def _sentences(self, file: SourceFile, tags: str) -> Iterator[Tagged]:
        column = XPOS if tags == "xpos" else UPOS
        words: list[str] = []
        names: list[str] = []
        started = False
        for number, line in lines_of(file, self.params.encoding):
            if not line.strip():
                if started:
                    yield words, _tags(names)
                words, names, started = [], [], False
                continue
            started = True
            if line.startswith("#"):
                continue
            fields = line.split("\t")
            if len(fields) != COLUMNS:
                raise DataError(
                    f"{file.name}, line {number}: {len(fields)} columns where CoNLL-U has {COLUMNS}, separated by "
                    f"tabs; for another layout say 'column:{file.name}?word=0&tag=1'"
                )
            if "-" in fields[0] or "." in fields[0]:
                continue
            if not fields[WORD] or not fields[column]:
                raise DataError(f"{file.name}, line {number}: an empty word or tag; CoNLL-U writes '_' for none")
            words.append(fields[WORD])
            names.append(fields[column])
        if started:
            yield words, _tags(names)


def _tags(names: list[str]) -> list[str]:
    """The tags of a sentence; where CoNLL-U writes '_' for all of them there are none."""
    return [""] * len(names) if all(name == "_" for name in names) else names
