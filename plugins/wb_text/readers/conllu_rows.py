"""Sentences of CoNLL-U with the predicted tags in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import IO, Any

from workbench.data.readers import SourceFile
from workbench.data.rows import Batch, Columns, Rows, RowWriter
from workbench.data.tables.delimited import text_of

COLUMNS = 10
WORD, MISC = 1, 9
EMPTY = "_"

Lines = list[str]


class CoNLLURows(Rows):
    """A row is a sentence: its comments, words, and what stands between them.

    Written back, a tag that was empty (``_``) is the predicted one; the last column of each word holds everything that
    was predicted (``Label=NN|Confidence=0.9312``), and what it held before. A sentence that cannot be read comes back
    as it was, below a comment that says why.
    """

    suffix = ".conllu"
    fields = ("sentence", "text")

    def __init__(self, files: Sequence[SourceFile], tag: int, encoding: str) -> None:
        self.files, self.tag, self.encoding = files, tag, encoding

    def batches(self, size: int) -> Iterator[Batch]:
        sentences = enumerate((lines for file in self.files for lines in self._sentences(file)), 1)
        while chunk := list(islice(sentences, size)):
            errors = [error_of(lines) for _, lines in chunk]
            words = [words_of(lines) for _, lines in chunk]
            rows = [{"sentence": number, "text": " ".join(w)} for (number, _), w in zip(chunk, words, strict=True)]
            good = [w for w, error in zip(words, errors, strict=True) if not error]
            yield Batch(rows, good, errors, [lines for _, lines in chunk])

    def writer(self, stream: IO[bytes], columns: Mapping[str, type]) -> RowWriter:
        return CoNLLUWriter(stream, self.tag)

    def _sentences(self, file: SourceFile) -> Iterator[Lines]:
        """The lines of each sentence, without the blank one that ends it."""
        with file.open() as stream, text_of(stream, self.encoding, file.name) as text:
            lines: Lines = []
            for line in text:
                if line.strip():
                    lines.append(line.rstrip("\r\n"))
                elif lines:
                    yield lines
                    lines = []
            if lines:
                yield lines


class CoNLLUWriter(RowWriter):
    """Writes sentences with their tags; further columns stand in the last one by their names."""

    def __init__(self, stream: IO[bytes], tag: int) -> None:
        self.stream, self.tag = stream, tag

    def write(self, batch: Batch, columns: Columns) -> None:
        text = []
        labels = next(iter(columns))
        for number, lines in enumerate(batch.form):
            cells = {name: values[number] for name, values in columns.items() if values[number] is not None}
            of_tokens = {name: value for name, value in cells.items() if isinstance(value, list)}
            text += [f"# {name} = {value}" for name, value in cells.items() if name not in of_tokens]
            text += self._tagged(lines, of_tokens, labels) if of_tokens else lines
            text.append("")
        self.stream.write("".join(line + "\n" for line in text).encode("utf-8", "surrogateescape"))

    def close(self) -> None:
        """Nothing is held back."""

    def _tagged(self, lines: Lines, of_tokens: Mapping[str, list[Any]], labels: str) -> Iterator[str]:
        position = 0
        for line in lines:
            if not is_word(line):
                yield line
                continue
            fields = line.split("\t")
            notes = "|".join(f"{key_of(name)}={escaped(values[position])}" for name, values in of_tokens.items())
            if fields[self.tag] == EMPTY:
                fields[self.tag] = str(of_tokens[labels][position])
            fields[MISC] = notes if fields[MISC] == EMPTY else f"{fields[MISC]}|{notes}"
            yield "\t".join(fields)
            position += 1


def is_word(line: str) -> bool:
    """Whether a line is a word of its own: no comment, no range of words and no empty node."""
    return not line.startswith("#") and not set("-.") & set(line.partition("\t")[0])


def words_of(lines: Lines) -> list[str]:
    return [line.split("\t")[WORD] for line in lines if is_word(line) and line.count("\t") >= WORD]


def error_of(lines: Lines) -> str:
    """Why a sentence cannot be tagged; empty for a good one."""
    for line in lines:
        fields = line.split("\t")
        if line.startswith("#"):
            continue
        if len(fields) != COLUMNS:
            return f"{len(fields)} columns where CoNLL-U has {COLUMNS}"
        if not fields[WORD]:
            return "an empty word"
    return "" if words_of(lines) else "no words"


def key_of(name: str) -> str:
    """A column's name as the format writes keys."""
    return name[:1].upper() + name[1:]


def escaped(value: Any) -> str:
    """A value without the sign that separates them (universaldependencies.org: ``\\p``)."""
    return str(value).replace("|", "\\p")
