"""Data sets on this machine: what is installed, where it lies, whether it is what it should be.

Downloading itself is in :mod:`workbench.data.download`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from workbench import environment
from workbench.data import archives
from workbench.data.cards import Card, Edition, File, Part
from workbench.data.readers import SourceFile
from workbench.errors import DataError, NotInstalled
from workbench.files import write_atomically

SHOWN = 5
"""How many missing files a message names."""


@dataclass(frozen=True)
class Root:
    """The folder that an edition's files are in: on disk, or inside a Python package."""

    folder: Traversable

    @contextmanager
    def open(self, file: str) -> Iterator[archives.Archive | list[SourceFile]]:
        """An archive's members, or the plain files that ``file`` (a path or a glob pattern) names."""
        with ExitStack() as stack:
            if any(sign in file for sign in "*?["):
                base = stack.enter_context(resources.as_file(self.folder))
                matching = sorted(path for path in base.glob(file) if path.is_file())
                if not matching:
                    raise DataError(f"{base}: no file fits '{file}'; get or add the data set again")
                yield [archives.plain(path) for path in matching]
                return
            path = stack.enter_context(resources.as_file(self.folder.joinpath(file)))
            if archives.is_archive(path):
                yield stack.enter_context(archives.opened(path))
            else:
                yield [archives.plain(path)]


def root_of(card: Card, edition: Edition) -> Root:
    """Where an edition lies; raises :class:`NotInstalled` when it is not there."""
    if not installed(card, edition):
        raise NotInstalled(f"'{card.name}' edition '{edition.name}' is not installed; {how_to_get(card, edition)}")
    if edition.embedded:
        return Root(resources.files(edition.package))
    return Root(_folder_of(card, edition))


def installed(card: Card, edition: Edition) -> bool:
    if edition.embedded:
        return True
    folder = _folder_of(card, edition)
    if edition.files:
        return all((folder / file.path).is_file() for file in edition.files)
    return f"{card.name}@{edition.name}" in added() and folder.exists()


def best_installed(card: Card) -> Edition:
    """The first installed edition of the card; raises :class:`NotInstalled` saying how to get one."""
    for edition in card.editions:
        if installed(card, edition):
            return edition
    raise NotInstalled(f"'{card.name}' is not installed; {how_to_get(card, card.editions[0])}")


def command_for(card: Card, edition: Edition) -> str:
    """The command that brings an edition onto this machine."""
    if edition.manual and not any(file.url for file in edition.files):
        return f"wb data add {card.name}@{edition.name} --path …"
    licence = " --accept-licence" if edition.restricted else ""
    return f"wb data get {card.name}{licence}"


def how_to_get(card: Card, edition: Edition) -> str:
    advice = f"run: {command_for(card, edition)}"
    return f"{edition.manual}, then {advice}" if edition.manual else advice


def verify(card: Card, edition: Edition) -> list[str]:
    """What is wrong with the files of an installed edition; nothing when all is well."""
    if edition.embedded:
        return []
    folder = _folder_of(card, edition)
    problems = (check_file(folder / file.path, file) for file in edition.files)
    return [problem for problem in problems if problem]


def check_file(path: Path, file: File) -> str:
    """What is wrong with one file, in a line; empty when it is as the card says or the card cannot tell."""
    if not path.is_file():
        return f"{path}: missing"
    if file.sha256 and (digest := archives.file_digest(path)) != file.sha256:
        return f"{path}: sha256 is {digest[:12]}…, the card says {file.sha256[:12]}…"
    if file.md5 and (digest := archives.file_digest(path, "md5")) != file.md5:
        return f"{path}: md5 is {digest[:12]}…, the card says {file.md5[:12]}…"
    if file.members_sha256:
        try:
            digest = archives.members_digest(path, file.members)
        except DataError as error:
            return str(error)
        if digest != file.members_sha256:
            return f"{path}: digest of the used members is {digest[:12]}…, the card says {file.members_sha256[:12]}…"
    return ""


def digests(card: Card, edition: Edition) -> dict[str, str]:
    """What identifies the data of an edition, for a record: the card's digests, else size and time of files."""
    if edition.embedded:
        return {"package": edition.package}
    folder = _folder_of(card, edition)
    by_file = {}
    for file in edition.files:
        stat = (folder / file.path).stat()
        by_file[file.path] = file.digest or f"{stat.st_size} bytes, {int(stat.st_mtime)}"
    return by_file or {"folder": str(folder)}


def added() -> dict[str, str]:
    """Paths of editions that the user pointed at: ``{"name@edition": path}``."""
    ledger = environment.data_folder() / "added.json"
    if not ledger.is_file():
        return {}
    try:
        values = json.loads(ledger.read_text(encoding="utf-8"))
        return {str(name): str(path) for name, path in values.items()}
    except (ValueError, AttributeError, OSError):
        raise DataError(f"{ledger}: damaged; delete it and run 'wb data add' again") from None


def add(card: Card, edition: Edition, path: Path) -> list[str]:
    """Point an edition at a folder of the user's; raises :class:`DataError` naming what is missing there.

    Returns what is not as the card says, a line each, though the edition can be read: class folders that are missing,
    files with another digest.
    """
    parts = list({part.file: part for parts in edition.splits.values() for part in parts}.values())
    missing = [part.file for part in parts if not _fits(path, part.file)]
    if missing:
        advice = f"; {edition.manual}" if edition.manual else ""
        raise DataError(f"{path}: not the layout of '{card.name}' {edition.name}; missing: {_some(missing)}{advice}")
    _write_added(added() | {f"{card.name}@{edition.name}": str(path.resolve())})
    empty = [folder for part in parts if part.per_class for folder in _class_folders(part, card, path)]
    incomplete = [f"{path}: no images in {_some(empty)}"] if empty else []
    return incomplete + verify(card, edition)


def _class_folders(part: Part, card: Card, path: Path) -> list[str]:
    """The declared classes' folders that are missing or empty, where the part has one folder for each class."""
    before, _, after = part.file.partition("*/")
    return [f"{before}{name}" for name in card.classes if not _fits(path, f"{before}{name}/{after}")]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def remove(card: Card, edition: Edition) -> list[Path]:
    """Forget an added path (its files stay) or delete the downloaded files; returns what was deleted."""
    key = f"{card.name}@{edition.name}"
    ledger = added()
    if key in ledger:
        _write_added({name: path for name, path in ledger.items() if name != key})
        return []
    deleted = []
    for file in edition.files:
        path = environment.data_folder() / file.path
        if path.is_file():
            path.unlink()
            deleted.append(path)
    return deleted


def _write_added(values: dict[str, str]) -> None:
    write_atomically(environment.data_folder() / "added.json", json.dumps(values, indent=1))


def _folder_of(card: Card, edition: Edition) -> Path:
    given = added().get(f"{card.name}@{edition.name}")
    return Path(given) if given else environment.data_folder()


def _fits(folder: Path, file: str) -> bool:
    return any(True for _ in folder.glob(file)) if any(sign in file for sign in "*?[") else (folder / file).exists()
