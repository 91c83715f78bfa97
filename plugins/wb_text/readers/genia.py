"""The GENIA treebank's XML: one abstract a file, ``tok`` elements with their tag in ``cat``."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence

from pydantic import Field

from wb_text.readers.sentences import Tagged, collect_documents
from workbench.data.readers import Examples, Reader, SourceFile
from workbench.errors import DataError
from workbench.settings import Settings

PENN_NAMES = {
    "PERIOD": ".",
    "COMMA": ",",
    "COLON": ":",
    "LRB": "-LRB-",
    "RRB": "-RRB-",
    "LQT": "``",
    "RQT": "''",
    "PRPP": "PRP$",
    "WPP": "WP$",
}
"""GENIA's names for tags that XML names cannot spell."""


class GeniaXML(Reader):
    """Words and tags of every sentence; empty categories hold no token and vanish."""

    class Params(Settings):
        penn: bool = Field(True, description="Give the tags their Penn Treebank names.")

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        return b"<Annotation" in head or b"<sentence" in head

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        return collect_documents(files, self._sentences, labelled)

    def _sentences(self, file: SourceFile) -> Iterator[Tagged]:
        data = file.read_bytes()
        if b"<!ENTITY" in data:
            raise DataError(f"{file.name}: defines XML entities, which GENIA files never do; refused")
        try:
            root = ElementTree.fromstring(data)
        except ElementTree.ParseError as error:
            raise DataError(f"{file.name}: not well-formed XML ({error}); get the file again") from None
        names = PENN_NAMES if self.params.penn else {}
        for sentence in root.iter("sentence"):
            words, tags = [], []
            for token in sentence.iter("tok"):
                word = "".join(token.itertext()).strip()
                if word:
                    tag = token.get("cat", "")
                    words.append(word)
                    tags.append(names.get(tag, tag))
            if any(tags) and not all(tags):
                untagged = words[tags.index("")]
                raise DataError(f"{file.name}: the token '{untagged[:40]}' has no tag (cat=…); mend the file")
            yield words, tags
