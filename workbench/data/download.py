"""Getting the files of an edition: mirror first, resumed, verified, and in place whole or not at all.

pooch's HTTP downloader moves the bytes; what it lacks is here: mirrors, resuming, licences.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from workbench import environment
from workbench.data.cards import Card, Edition, File
from workbench.data.installed import check_file
from workbench.errors import UsageError, WbError
from workbench.files import cannot_write

Report = Callable[[str, int, int], None]
"""Called with a file's path, the bytes so far and the bytes in all (0 when unknown)."""


def get(
    card: Card,
    edition: Edition,
    mirror: str = "",
    accept_licence: bool = False,
    report: Report = lambda *_: None,
) -> list[str]:
    """Bring every file of an edition into the data folder; returns a line for each.

    ``mirror`` is a folder or URL with the card's relative paths and is asked first. Raises :class:`WbError`
    when a file is nowhere to be had or is not what the card says; what was there before stays.
    """
    if edition.embedded:
        return [f"{card.name}: the {edition.title} comes with wb"]
    if not edition.files or not (mirror or any(file.url for file in edition.files)):
        raise UsageError(f"'{card.name}' edition '{edition.name}' cannot be downloaded: {edition.manual}")
    if edition.restricted and not accept_licence:
        raise UsageError(
            f"'{card.name}' is licensed: {edition.licence or card.licence}. "
            f"If you agree, run: wb data get {card.name} --accept-licence"
        )
    return [_get_file(file, mirror, report) for file in edition.files]


def _get_file(file: File, mirror: str, report: Report) -> str:
    target = environment.data_folder() / file.path
    if target.is_file() and not check_file(target, file):
        return f"{file.path}: already there, verified"
    failures = []
    for place in _places(file, mirror):
        part = target.with_name(target.name + ".part")
        try:
            part.parent.mkdir(parents=True, exist_ok=True)
            _fetch(place, part, file, report)
        except OSError as error:
            if error.errno is not None and not _is_network(error):
                raise cannot_write(target, error) from error
            failures.append(f"{place}: {error}")
            continue
        problem = check_file(part, file)
        if problem:
            part.unlink(missing_ok=True)
            failures.append(f"{place}: not the file that the card describes ({problem.partition(': ')[2]})")
            continue
        os.replace(part, target)
        return f"{file.path}: from {place}, {'verified' if file.digest else 'no digest known'}"
    tried = "; ".join(failures) or "the card names no address"
    raise WbError(
        f"{file.path} could not be had: {tried}; try again later, give --from DIR|URL, or put the file at {target}"
    )


def _places(file: File, mirror: str) -> list[str]:
    """Where to ask, in order."""
    places = [mirror.rstrip("/") + "/" + file.path] if mirror else []
    return places + [url for url in (file.url, *file.others) if url]


def _fetch(place: str, part: Path, file: File, report: Report) -> None:
    """Copy a local file, or download a URL and go on where an earlier try stopped."""
    if urlparse(place).scheme not in ("http", "https", "ftp"):
        source = Path(place).expanduser()
        if not source.is_file():
            raise ConnectionError("no such file")
        shutil.copyfile(source, part)
        report(file.path, part.stat().st_size, part.stat().st_size)
        return
    import requests

    try:
        _download(place, part, file, report)
    except requests.RequestException as error:
        response = getattr(error, "response", None)
        if response is not None and response.status_code == 416:  # the part is longer than the file: start anew
            part.unlink(missing_ok=True)
            _download(place, part, file, report)
            return
        raise ConnectionError(f"{type(error).__name__}") from error


def _download(url: str, part: Path, file: File, report: Report) -> None:
    from pooch import HTTPDownloader

    done = part.stat().st_size if part.exists() else 0
    headers = {"Range": f"bytes={done}-"} if done else {}
    if done and not _serves_ranges(url):
        part.unlink()
        done, headers = 0, {}
    bar = _Bar(file, done, report)
    with part.open("ab") as stream:
        HTTPDownloader(progressbar=bar, headers=headers, timeout=30)(url, stream, None, check_only=False)


def _serves_ranges(url: str) -> bool:
    import requests

    with requests.get(url, headers={"Range": "bytes=0-0"}, stream=True, timeout=30) as response:
        return response.status_code == 206


def _is_network(error: OSError) -> bool:
    return isinstance(error, ConnectionError | TimeoutError)


class _Bar:
    """What pooch expects of a progress bar, forwarded to a report."""

    def __init__(self, file: File, done: int, report: Report) -> None:
        self.file, self.done, self.report = file, done, report
        self.total: Any = 0

    def update(self, size: int) -> None:
        self.done += size
        self.report(self.file.path, self.done, int(self.total or 0))

    def reset(self) -> None:
        """pooch resets the bar to draw it full; there is nothing to redraw here."""

    def close(self) -> None:
        """Nothing is held open."""
