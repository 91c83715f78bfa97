"""Penn Treebank brackets: the words and tags of the trees' leaves, traces left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pydantic import Field

from workbench.errors import DataError
from workbench.readers import Examples, Reader, SourceFile
from workbench.settings import Settings
from wb_text.readers.sentences import Tagged, collect

BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}"}
_PIECE = re.compile(r"\(\s*([^\s()]+)\s+([^\s()]+)\s*\)|[()]")


class PennBrackets(Reader):
    """One sentence a tree; ``-NONE-`` leaves are dropped and escaped words restored."""

    class Params(Settings):
        encoding: str = Field("utf-8", description="Character encoding.")

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        return head.lstrip().startswith(b"(")

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        return collect((s for file in files for s in self._sentences(file)), files, labelled)

    def _sentences(self, file: SourceFile) -> Iterator[Tagged]:
        text = file.read_text(self.params.encoding)
        words: list[str] = []
        names: list[str] = []
        depth = 0
        for match in _PIECE.finditer(text):
            name, word = match[1], match[2]
            if name is not None:
                if depth == 0:
                    raise self._unbalanced(file, text, match.start())
                if name != "-NONE-":
                    words.append(unescape(word))
                    names.append(name)
            elif match[0] == "(":
                depth += 1
            else:
                depth -= 1
                if depth < 0:
                    raise self._unbalanced(file, text, match.start())
                if depth == 0:
                    yield words, names
                    words, names = [], []
        if depth:
            raise self._unbalanced(file, text, len(text))

    def _unbalanced(self, file: SourceFile, text: str, position: int) -> DataError:
        line = text.count("\n", 0, position) + 1
        return DataError(f"{file.name}, line {line}: brackets do not match here; is the file cut off or not a treebank?")


def unescape(word: str) -> str:
    """The word as it stood in the text."""
    return BRACKETS.get(word) or word.replace("\\/", "/").replace("\\*", "*")
