"""Files of an edition as :class:`SourceFile` objects: plain files, folders, and members of zip or tar archives.

Archives are read in place: nothing is unpacked, so no member can escape its folder.
"""

from __future__ import annotations

import bz2
import fnmatch
import gzip
import hashlib
import lzma
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

from workbench.data.readers import SourceFile
from workbench.errors import DataError


def is_archive(path: Path) -> bool:
    return path.name.lower().endswith((".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz"))


class Archive:
    """The members of a zip or tar file, by name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip: zipfile.ZipFile | None = None
        self._tar: tarfile.TarFile | None = None
        self._plain: IO[bytes] | None = None
        try:
            if zipfile.is_zipfile(path) or path.name.lower().endswith(".zip"):
                self._zip = zipfile.ZipFile(path)
                self.names = [name for name in self._zip.namelist() if not name.endswith("/")]
            else:
                self._plain = _decompressed(path)
                self._tar = tarfile.open(path, fileobj=self._plain)  # noqa: SIM115 (closed by close)
                self.names = [member.name for member in self._tar.getmembers() if member.isfile()]
        except (zipfile.BadZipFile, tarfile.TarError, EOFError, lzma.LZMAError, zlib.error, OSError) as error:
            raise DataError(f"{path}: a damaged archive ({error}); get it again") from None

    def read(self, name: str) -> bytes:
        """The bytes of a member; raises :class:`DataError` naming it."""
        try:
            if self._zip is not None:
                return self._zip.read(name)
            assert self._tar is not None
            member = self._tar.extractfile(name)
            if member is None:
                raise KeyError(name)
            with member:
                return member.read()
        except KeyError:
            raise DataError(f"{self.path}: the archive has no member '{name}'") from None
        except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError) as error:
            raise DataError(f"{self.path}: member '{name}' is damaged ({error}); get it again") from None

    def matching(self, patterns: Iterable[str]) -> list[str]:
        """The names that fit any of the patterns, sorted."""
        return sorted({n for pattern in patterns for n in self.names if fnmatch.fnmatchcase(n, pattern)})

    def files(self, names: Iterable[str]) -> list[SourceFile]:
        return [SourceFile(f"{self.path.name}:{name}", partial(self.read, name)) for name in names]

    def close(self) -> None:
        for archive in (self._zip, self._tar, self._plain):
            if archive is not None:
                archive.close()


def _decompressed(path: Path) -> IO[bytes] | None:
    """A compressed tar's plain bytes in a file of their own, that vanishes; None for a tar that is not compressed.

    Members are read in any order, and each step back in a compressed file would start again from its beginning.
    """
    openers: dict[str, Callable[..., Any]] = {"gz": gzip.open, "tgz": gzip.open, "bz2": bz2.open, "xz": lzma.open}
    opener = openers.get(path.suffix.lower().removeprefix("."))
    if opener is None:
        return None
    plain = tempfile.TemporaryFile()  # noqa: SIM115 (closed by close)
    with opener(path) as packed:
        shutil.copyfileobj(packed, plain)
    plain.seek(0)
    return plain


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    archive = Archive(path)
    try:
        yield archive
    finally:
        archive.close()


def plain(path: Path, name: str = "") -> SourceFile:
    """A file on disk. Reading it raises :class:`DataError` when it cannot be opened."""

    def read() -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise DataError(f"{path}: cannot be read ({error.strerror}); check the path and its rights") from None

    return SourceFile(name or str(path), read, path)


def members_digest(path: Path, patterns: Iterable[str]) -> str:
    """sha256 over the names and contents of the used members, in sorted order.

    Code hosts do not promise stable archive bytes; this digest stays the same however they are packed.
    """
    digest = hashlib.sha256()
    with opened(path) as archive:
        for name in archive.matching(patterns):
            digest.update(f"{name}\0{hashlib.sha256(archive.read(name)).hexdigest()}\n".encode())
    return digest.hexdigest()


def file_digest(path: Path, kind: str = "sha256") -> str:
    """Digest of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, kind).hexdigest()
