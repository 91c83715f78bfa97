"""Domains given as paths: ``file.ext``, ``folder``, ``reader:path?setting=value``, or ``opener:reference``.

A file serves as every split. In a folder, the folders ``train``, ``unlabelled``, ``dev`` (or ``val``) and ``test`` are
those splits, and so are files whose names hold such a word; where no name does, all files together serve as every
split.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

from workbench.data import archives, splits
from workbench.data.corpus import Corpus
from workbench.data.detection import detect
from workbench.data.openers import Opener
from workbench.data.readers import Examples, Reader
from workbench.data.rows import Rows
from workbench.data.splits import SPLITS
from workbench.errors import DataError, UsageError
from workbench.plugins.entries import ReaderEntry
from workbench.plugins.loading import Host

SYSTEM_FILES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})


def looks_like_path(name: str, host: Host) -> bool:
    """Whether a name that no data set has can only mean a path."""
    reader, path, _ = split_reference(name, host)
    return bool(reader) or Path(path).exists() or "/" in path or bool(Path(path).suffix)


def split_reference(name: str, host: Host) -> tuple[str, str, dict[str, str]]:
    """``reader:path?a=b`` as reader name (or empty), path and settings."""
    reader, path = host.readers.split(name) if ":" in name else ("", name)
    if Path(path).expanduser().exists():
        return reader, path, {}
    path, _, query = path.partition("?")
    return reader, path, dict(parse_qsl(query, keep_blank_values=True))


def opener_of(name: str, host: Host, columns: Mapping[str, str] | None = None) -> tuple[Opener, str] | None:
    """The opener that ``opener:reference?setting=value`` names and its reference; None where a name has none."""
    opener_name, reference, settings = split_reference(name, host)
    entry = host.readers.get(opener_name) if opener_name else None
    if entry is None or not entry.opens:
        return None
    if not reference:
        raise UsageError(f"'{name}' names nothing to open; give {opener_name}:NAME or {opener_name}:PATH")
    opener_type: type[Opener] = entry.load()
    settings = {**column_settings(entry, opener_type.columns, columns or {}), **settings}
    return opener_type(opener_type.Params.parse(settings, where=f"'{opener_name}:'")), reference


def column_settings(entry: ReaderEntry, known: Mapping[str, str], columns: Mapping[str, str]) -> dict[str, str]:
    """The settings that name the columns of the options ``--text``, ``--label`` and ``--id``.

    Raises :class:`UsageError` where the format has no such column.
    """
    for option in columns:
        if option not in known:
            takes = f"it takes {', '.join('--' + name for name in known)}" if known else "its format has no columns"
            raise UsageError(f"--{option} means nothing to the reader '{entry.name}': {takes}; leave it out")
    return {known[option]: column for option, column in columns.items()}


@dataclass(frozen=True, eq=False)
class Opened:
    """The files of a path, and the reader that reads them."""

    path: Path
    files: list[Path]
    entry: ReaderEntry
    reader: Reader
    left_out: list[Path]
    """Files of a folder that are of another format."""


def open_path(
    name: str,
    host: Host,
    tasks: Sequence[str],
    columns: Mapping[str, str],
    known: Mapping[str, str] = MappingProxyType({}),
) -> Opened:
    """The files behind ``reader:path?setting=value``, and their reader with its settings; none of them is read.

    Settings in the name come before ``columns``, and these before the ``known`` ones that the reader has.
    """
    reader_name, text, settings = split_reference(name, host)
    path = Path(text).expanduser()
    if not path.exists():
        raise DataError(f"{path}: no such file or folder; check the path, or see 'wb data list' for names")
    files = _files_below(path)
    entry = host.readers.get(reader_name) if reader_name else detect(files, host, tasks)
    reader_type: type[Reader] = entry.load()
    remembered = {setting: value for setting, value in known.items() if setting in reader_type.Params.model_fields}
    settings = {**remembered, **column_settings(entry, reader_type.columns, columns), **settings}
    reader = reader_type(reader_type.Params.parse(settings, where=f"reader '{entry.name}'"))
    fitting = [file for file in files if reader_name or path.is_file() or file.suffix.lower() in entry.suffixes]
    return Opened(path, fitting, entry, reader, [file for file in files if file not in set(fitting)])


def rows_from_path(
    name: str, host: Host, task: str, columns: Mapping[str, str], known: Mapping[str, str]
) -> tuple[Rows, list[str]]:
    """The rows behind a path, for predictions beside them, and what the user should know of the path.

    ``known`` are settings of an earlier reading, e.g. the columns of the data that a model learnt from: those that the
    reader has stand in for settings that nobody gives.
    """
    opened = open_path(name, host, (task,), columns, known)
    if opened.entry.task != task:
        raise UsageError(f"{name}: is for {opened.entry.task}, but the model is for {task}")
    left_out, rows = opened.left_out, opened.reader.rows([archives.plain(file) for file in opened.files])
    notice = f"{opened.path}: files that '{opened.entry.name}' does not read are left out: {len(left_out)}"
    return rows, [f"{notice}, e.g. {left_out[0]}"] if left_out else []


def corpus_from_path(name: str, host: Host, tasks: Sequence[str], columns: Mapping[str, str]) -> Corpus:
    """The corpus behind a path, read for one of ``tasks``, or for any where none is given.

    Raises :class:`DataError` or :class:`UsageError` saying what to do.
    """
    opener = opener_of(name, host, columns)
    if opener is not None:
        return opener[0].open(opener[1], tasks[0] if len(tasks) == 1 else None)
    opened = open_path(name, host, tasks, columns)
    path, files, entry, reader = opened.path, opened.files, opened.entry, opened.reader
    reader_type = type(reader)
    by_split, classless = _splits(path, files, reader_type) if path.is_dir() else ({}, frozenset({path.parent}))
    in_split = {file for chosen in by_split.values() for file in chosen}
    left_out = [file for file in files if by_split and file not in in_split]

    def read(split: str, labelled: bool) -> Examples:
        chosen: Sequence[Path] = by_split.get(split, files)
        sources = [replace(archives.plain(file), in_class=file.parent not in classless) for file in chosen]
        return reader.read(sources, labelled=labelled)

    return Corpus(
        name=path.stem if path.is_file() else path.name,
        task=entry.task,
        edition=str(path),
        splits=tuple(by_split) or SPLITS,
        read=read,
        title=f"your {entry.name} file" if path.is_file() else f"your {entry.name} folder",
        digests=_digests(files),
        one_pool=not by_split,
        notices=[f"{path}: files of no split are left out: {len(left_out)}, e.g. {left_out[0]}"] if left_out else [],
    )


def _splits(
    path: Path, files: Sequence[Path], reader_type: type[Reader]
) -> tuple[dict[str, list[Path]], frozenset[Path]]:
    """The files of each split by their folders' names, else by their own; and the folders that can be no class.

    There are no splits where no name says one.
    """
    folders = splits.by_folder(files)
    if not folders:
        named = {} if reader_type.folders_are_classes else splits.by_name(files, reader_type.split_names)
        return named, frozenset({path})
    by_split: dict[str, list[Path]] = {}
    for file in files:
        folder = next((folder for folder in folders if folder in file.parents), None)
        if folder is not None:
            by_split.setdefault(folders[folder], []).append(file)
    return by_split, frozenset({path, *folders})


def _files_below(path: Path) -> list[Path]:
    try:
        below = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); check its rights") from None
    files = below if path.is_file() else [file for file in below if not _of_the_system(file.relative_to(path))]
    if not files:
        raise DataError(f"{path}: an empty folder; give a folder with data files")
    return files


def _of_the_system(file: Path) -> bool:
    """Whether a file is hidden, or one that an operating system or an unpacker put beside the data."""
    return file.name.lower() in SYSTEM_FILES or any(part.startswith((".", "__MACOSX")) for part in file.parts)


def _digests(files: Sequence[Path]) -> dict[str, Any]:
    """sha256 of each file, or the number of files where there are many."""
    if len(files) > 50:
        return {"files": f"{len(files)} files"}
    try:
        return {str(file): archives.file_digest(file) for file in files}
    except OSError as error:
        raise DataError(f"{error.filename}: cannot be read ({error.strerror}); check its rights") from None
