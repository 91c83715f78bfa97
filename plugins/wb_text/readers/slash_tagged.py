"""``word/TAG`` tokens, one sentence a line; the last slash of a token separates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import Field

from wb_text.readers.sentences import Tagged, collect_documents, lines_of
from workbench.data.readers import Examples, Reader, SourceFile
from workbench.errors import DataError
from workbench.settings import Settings


class SlashTagged(Reader):
    """Words and tags joined by a separator."""

    class Params(Settings):
        separator: str = Field("/", min_length=1, description="What stands between word and tag.")
        encoding: str = Field("utf-8", description="Character encoding.")

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        lines = [line for line in head.decode("utf-8", "replace").split("\n") if line.strip()]
        tokens = lines[0].split() if lines else []
        return bool(tokens) and all("/" in token[1:] for token in tokens)

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        return collect_documents(files, self._sentences, labelled)

    def _sentences(self, file: SourceFile) -> Iterator[Tagged]:
        for number, line in lines_of(file, self.params.encoding):
            if not line.strip():
                continue
            words, names = [], []
            tokens = line.split()
            if not any(self.params.separator in token for token in tokens):
                yield tokens, [""] * len(tokens)
                continue
            for token in tokens:
                word, slash, name = token.rpartition(self.params.separator)
                if not slash or not word or not name:
                    raise DataError(
                        f"{file.name}, line {number}: '{token[:40]}' is not word{self.params.separator}TAG; for text "
                        f"without tags say tokenised-text:{file.name}"
                    )
                words.append(word)
                names.append(name)
            yield words, names
