"""Domains given as paths: ``file.ext``, ``folder``, ``reader:path?setting=value``, or ``opener:reference``.

A file serves as every split. In a folder, files whose names hold ``train``, ``unlabelled``, ``dev`` or ``test``
are those splits; where no name does, all files together serve as every split.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from workbench.data import archives
from workbench.data.corpus import Corpus
from workbench.data.openers import Opener
from workbench.data.readers import Examples, Reader
from workbench.errors import DataError, UsageError
from workbench.plugins.entries import ReaderEntry
from workbench.plugins.loading import Host

SPLITS = ("train", "unlabelled", "dev", "test")

HEAD = 4096


def looks_like_path(name: str, host: Host) -> bool:
    """Whether a name that no data set has can only mean a path."""
    reader, path, _ = split_reference(name, host)
    return bool(reader) or Path(path).exists() or "/" in path or bool(Path(path).suffix)


def split_reference(name: str, host: Host) -> tuple[str, str, dict[str, str]]:
    """``reader:path?a=b`` as reader name (or empty), path and settings."""
    prefix, colon, rest = name.partition(":")
    reader = prefix if colon and prefix in host.readers.names() else ""
    path = rest if reader else name
    if Path(path).expanduser().exists():
        return reader, path, {}
    path, _, query = path.partition("?")
    return reader, path, dict(parse_qsl(query, keep_blank_values=True))


def opener_of(name: str, host: Host) -> tuple[Opener, str] | None:
    """The opener that ``opener:reference?setting=value`` names and its reference; None where a name has none."""
    opener_name, reference, settings = split_reference(name, host)
    entry = host.readers.get(opener_name) if opener_name else None
    if entry is None or not entry.opens:
        return None
    if not reference:
        raise UsageError(f"'{name}' names nothing to open; give {opener_name}:NAME or {opener_name}:PATH")
    opener_type: type[Opener] = entry.load()
    return opener_type(opener_type.Params.parse(settings, where=f"'{opener_name}:'")), reference


def corpus_from_path(name: str, host: Host, task: str | None) -> Corpus:
    """The corpus behind a path; raises :class:`DataError` or :class:`UsageError` saying what to do."""
    opened = opener_of(name, host)
    if opened is not None:
        return opened[0].open(opened[1], task)
    reader_name, text, settings = split_reference(name, host)
    path = Path(text).expanduser()
    if not path.exists():
        raise DataError(f"{path}: no such file or folder; check the path, or see 'wb data list' for names")
    files = _files_below(path)
    entry = host.readers.get(reader_name) if reader_name else _detect(files, host, task)
    reader_type: type[Reader] = entry.load()
    reader = reader_type(reader_type.Params.parse(settings, where=f"reader '{entry.name}'"))
    if not reader_name and path.is_dir():
        files = [file for file in files if file.suffix.lower() in entry.suffixes]
    by_split = _by_split(files, reader_type.split_names) if path.is_dir() else {}

    def read(split: str, labelled: bool) -> Examples:
        chosen: Sequence[Path] = by_split.get(split, files)
        return reader.read([archives.plain(file) for file in chosen], labelled=labelled)

    return Corpus(
        name=path.stem if path.is_file() else path.name,
        task=entry.task,
        edition=str(path),
        splits=tuple(by_split) or SPLITS,
        read=read,
        title=f"your {entry.name} file" if path.is_file() else f"your {entry.name} folder",
        digests=_digests(files),
        one_pool=not by_split,
    )


def _files_below(path: Path) -> list[Path]:
    try:
        found = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); check its rights") from None
    if not found:
        raise DataError(f"{path}: an empty folder; give a folder with data files")
    return found


def _detect(files: Sequence[Path], host: Host, task: str | None) -> ReaderEntry:
    """The reader that fits the first file with a known suffix, by suffix, task and the file's beginning."""
    for file in files:
        fitting = [entry for entry in host.readers if file.suffix.lower() in entry.suffixes]
        if task is not None:
            fitting = [entry for entry in fitting if entry.task == task] or fitting
        if not fitting:
            continue
        try:
            with file.open("rb") as stream:
                head = stream.read(HEAD)
        except OSError as error:
            raise DataError(f"{file}: cannot be read ({error.strerror}); check its rights") from None
        for entry in fitting:
            if entry.load().recognises(head):
                return entry
        return fitting[0]
    known = sorted({suffix for entry in host.readers for suffix in entry.suffixes})
    raise UsageError(
        f"{files[0]}: no reader for '{files[0].suffix or 'a file without suffix'}'; name one, e.g. "
        f"{host.readers.names()[0]}:{files[0]} (known suffixes: {' '.join(known)})"
    )


def _by_split(files: Sequence[Path], more: Mapping[str, str]) -> dict[str, list[Path]]:
    """Files by the split that their names hold, ours or the reader's; empty when no name holds one."""
    words = {**{split: split for split in SPLITS}, "validation": "dev", **more}
    found: dict[str, list[Path]] = {}
    for file in files:
        for word, split in words.items():
            if word in file.stem.lower():
                found.setdefault(split, []).append(file)
                break
    return found


def _digests(files: Sequence[Path]) -> dict[str, Any]:
    """sha256 of each file, or the number of files where there are many."""
    if len(files) > 50:
        return {"files": f"{len(files)} files"}
    try:
        return {str(file): archives.file_digest(file) for file in files}
    except OSError as error:
        raise DataError(f"{error.filename}: cannot be read ({error.strerror}); check its rights") from None
