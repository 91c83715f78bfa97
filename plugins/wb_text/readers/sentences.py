"""What the readers of tagged sentences share: collecting sentences and complaining about empty files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from workbench.data.readers import Examples, SourceFile
from workbench.errors import DataError

LONGEST_LINE = 200_000
"""Characters beyond which a line cannot be a line of text: it would cost minutes and mean nothing."""

Tagged = tuple[list[str], list[str]]


def collect(sentences: Iterable[Tagged], files: Sequence[SourceFile], labelled: bool) -> Examples:
    """Examples from (words, tags) pairs; empty sentences are skipped and counted in a notice.

    A sentence whose words have empty tags has no label. Raises :class:`DataError` when nothing remains.
    """
    words: list[list[str]] = []
    tags: list[list[str] | None] = []
    empty = 0
    for tokens, names in sentences:
        if tokens:
            words.append(tokens)
            tags.append(names if all(names) else None)
        else:
            empty += 1
    if not words:
        raise DataError(f"{names_of(files)}: no sentences in it; is it the right file and format?")
    notices = (f"{names_of(files)}: {empty} sentences without tokens were skipped",) if empty else ()
    return Examples(words, tags if labelled and any(tags) else None, notices)


def collect_documents(
    files: Sequence[SourceFile], sentences_of: Callable[[SourceFile], Iterable[Tagged]], labelled: bool
) -> Examples:
    """The same of formats whose files are documents: each sentence is told the file that it is from."""
    tagged = [(sentence, file.name) for file in files for sentence in sentences_of(file)]
    examples = collect((sentence for sentence, _ in tagged), files, labelled)
    return replace(examples, documents=[name for (words, _), name in tagged if words])


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def names_of(files: Sequence[SourceFile]) -> str:
    """The files for a message: the first and how many more."""
    if not files:
        return "no file"
    return files[0].name + (f" and {len(files) - 1} more" if len(files) > 1 else "")


def lines_of(file: SourceFile, encoding: str = "utf-8") -> Iterable[tuple[int, str]]:
    """Numbered lines without their ends; a line too long to be text is an error."""
    for number, line in enumerate(file.read_text(encoding).split("\n"), 1):
        if len(line) > LONGEST_LINE:
            raise DataError(
                f"{file.name}, line {number}: a line of {len(line):,} characters; text has one sentence or one "
                "token a line, so break it up"
            )
        yield number, line.rstrip("\r")
