"""Writing so that a file or folder exists whole or not at all.

The temporary name is unique, so that two processes that write the same thing do not meet in it: each writes its own,
and the last rename stands. What is renamed is on the disk before.
"""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workbench.errors import WbError


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write ``content`` (text as UTF-8) so that it is there whole; raises :class:`WbError` when the disk refuses."""
    with new_file(path) as temporary:
        temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """The name of a temporary sibling to write, with the suffix of ``path``.

    It is renamed to ``path``, replacing what was there, when the block ends well, and removed when it does not. Raises
    :class:`WbError` when the disk refuses.
    """
    temporary = path.with_name(f".{path.stem}.{uuid.uuid4().hex[:12]}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        _sync(temporary)
        os.replace(temporary, path)
        _sync(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A temporary sibling to fill; renamed to ``path`` when the block ends well, removed when it does not.

    Raises :class:`WbError` when the disk refuses, and where ``path`` is a folder with something in it.
    """
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.mkdir()
        yield temporary
        for filled in (*temporary.rglob("*"), temporary):
            _sync(filled)
        temporary.rename(path)
        _sync(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def remove_abandoned(path: Path, seconds: float = 3600.0) -> None:
    """Remove the temporary siblings of ``path`` that a killed process left: those not written to for ``seconds``."""
    for temporary in path.parent.glob(f".{path.stem}.*{path.suffix}"):
        with suppress(OSError):
            if time.time() - temporary.stat().st_mtime > seconds:
                temporary.unlink()


def cannot_write(path: Path, error: OSError) -> WbError:
    reason = error.strerror or str(error)
    return WbError(f"{path}: cannot be written ({reason}); free space or choose another folder; nothing was lost")


def _sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk. Folders cannot be opened everywhere, and need not be."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
