"""Text without tags: running text, or sentences that are tokenised already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from pydantic import Field

from wb_text.readers.sentences import Tagged, collect, lines_of
from wb_text.tokenise import sentences, tokenise
from workbench.data.readers import Examples, Reader, SourceFile
from workbench.plugins.entries import missing_extra
from workbench.settings import Settings


class PlainText(Reader):
    """Running text, split into sentences and tokens; never labelled. It takes what no other reader recognises."""

    class Params(Settings):
        tokeniser: Literal["simple", "spacy"] = Field("simple", description="wb's own rules, or spaCy's English.")
        encoding: str = Field("utf-8", description="Character encoding.")

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        return collect((s for file in files for s in self._sentences(file)), files, labelled=False)

    def _sentences(self, file: SourceFile) -> Iterator[Tagged]:
        text = "\n".join(line for _, line in lines_of(file, self.params.encoding))
        if self.params.tokeniser == "spacy":
            for sentence in _spacy()(text).sents:
                yield [token.text for token in sentence if not token.is_space], []
        else:
            for sentence in sentences(text):
                yield tokenise(sentence), []


class TokenisedText(Reader):
    """One sentence a line, tokens separated by blanks; never labelled."""

    class Params(Settings):
        encoding: str = Field("utf-8", description="Character encoding.")

    def read(self, files: Sequence[SourceFile], labelled: bool = True) -> Examples:
        lines = (line.split() for file in files for _, line in lines_of(file, self.params.encoding) if line.strip())
        return collect(((tokens, []) for tokens in lines), files, labelled=False)


def _spacy() -> Any:
    """A blank English pipeline with spaCy's tokeniser and rule-based sentence ends."""
    try:
        import spacy
    except ModuleNotFoundError as error:
        raise missing_extra("tokeniser=spacy", "spacy", "text") from error
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    pipeline.max_length = 50_000_000
    return pipeline
