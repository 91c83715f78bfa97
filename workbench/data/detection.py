"""Which reader reads a file or folder: by suffix, by the tasks that are asked for, and by the files' beginning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

from workbench.data.readers import Reader
from workbench.errors import DataError, UsageError
from workbench.plugins.entries import ReaderEntry
from workbench.plugins.loading import Host

HEAD = 4096
"""Bytes of a file that a reader sees before it says whether it recognises the format."""


def detect(files: Sequence[Path], host: Host, tasks: Collection[str] = ()) -> ReaderEntry:
    """The reader of the commonest suffix that has one; readers of other tasks than ``tasks`` (none: any) never win.

    Raises :class:`UsageError` where there is none, or where the beginning of the file leaves several tasks open.
    """
    serving = [entry for entry in host.readers if not entry.opens and (not tasks or entry.task in tasks)]
    for suffix, _ in Counter(file.suffix.lower() for file in files).most_common():
        fitting = [entry for entry in serving if suffix in entry.suffixes]
        if fitting:
            return _by_content(next(file for file in files if file.suffix.lower() == suffix), fitting)
    raise UsageError(_no_reader(files[0], host, serving, tasks))


def _by_content(file: Path, fitting: Sequence[ReaderEntry]) -> ReaderEntry:
    """The first of the readers that recognises the file; those that do not look at the content come after these."""
    head = _head(file)
    looking = [entry for entry in fitting if _looks(entry.load())]
    accepting = [entry for entry in looking if entry.load().recognises(head)]
    accepting = accepting or [entry for entry in fitting if entry not in looking] or [fitting[0]]
    first = {entry.task: entry for entry in reversed(accepting)}
    if len(first) > 1:
        if accepting[0] not in looking:
            return accepting[0]  # of those that would take anything, the first
        ways = " or ".join(f"{entry.name}:{file} ({task})" for task, entry in sorted(first.items()))
        raise UsageError(f"{file}: could be read for {' and '.join(sorted(first))}; name the reader: {ways}")
    return accepting[0]


def _looks(reader: type[Reader]) -> bool:
    return getattr(reader.recognises, "__func__", None) is not Reader.recognises.__func__  # type: ignore[attr-defined]


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(HEAD)
    except OSError as error:
        raise DataError(f"{file}: cannot be read ({error.strerror}); check its rights") from None


def _no_reader(file: Path, host: Host, serving: Sequence[ReaderEntry], tasks: Collection[str]) -> str:
    suffix = file.suffix.lower()
    known = " ".join(sorted({suffix for entry in serving for suffix in entry.suffixes}))
    others = sorted({entry.task for entry in host.readers if suffix in entry.suffixes})
    if others:
        asked = " or ".join(sorted(tasks))
        return f"{file}: '{suffix}' files are read for {' or '.join(others)}, not for {asked}; those for it are {known}"
    return (
        f"{file}: no reader for '{suffix or 'a file without suffix'}'; name one, e.g. "
        f"{next((entry.name for entry in serving), 'READER')}:{file} (known suffixes: {known})"
    )
