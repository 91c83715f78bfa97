"""Penn Treebank brackets: the words and tags of the trees' leaves, traces left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pydantic import Field

from wb_text.readers.sentences import Tagged, collect_documents
from workbench.data.readers import Examples, Reader, SourceFile
from workbench.errors import DataError
from workbench.settings import Settings

BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}"}
_PIECE = re.compile(r"\(\s*([^\s()]+)\s+([^\s()]+)\s*\)|\(\s*[^\s()]*|\)|([^\s()]+)")
"""A leaf with its tag and word; an opening bracket with its label; a closing bracket; or a stray word."""


class PennBrackets(Reader):
    """One sentence a tree; ``-NONE-`` leaves are dropped and escaped words restored."""

    class Params(Settings):
        encoding: str = Field("utf-8", description="Character encoding.")

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        return head.lstrip().startswith(b"(")

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        return collect_documents(files, self._sentences, labelled)

    def _sentences(self, file: SourceFile) -> Iterator[Tagged]:
        text = file.read_text(self.params.encoding)
        words: list[str] = []
        names: list[str] = []
        depth = tree = 0
        for match in _PIECE.finditer(text):
            name, word, stray = match.groups()
            if stray is not None:
                raise _malformed(file, text, match.start(), f"'{stray[:40]}' stands outside a (TAG word) pair")
            if depth == 0:
                tree = match.start()
            if name is not None:
                if name != "-NONE-":
                    words.append(unescape(word))
                    names.append(name)
            elif match[0] != ")":
                depth += 1
                continue
            else:
                depth -= 1
                if depth < 0:
                    raise _malformed(file, text, match.start(), "a closing bracket that nothing opened")
            if depth == 0:
                yield words, names
                words, names = [], []
        if depth:
            raise _malformed(file, text, tree, "the tree that begins here is never closed")


def _malformed(file: SourceFile, text: str, position: int, what: str) -> DataError:
    line = text.count("\n", 0, position) + 1
    return DataError(f"{file.name}, line {line}: {what}; mend the brackets, or get the file again if it is cut off")


def unescape(word: str) -> str:
    """The word as it stood in the text."""
    return BRACKETS.get(word) or word.replace("\\/", "/").replace("\\*", "*")
