"""Run folders: written whole or not at all, listed, loaded, compared."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbench import environment
from workbench.errors import DataError, UnknownName, UsageError
from workbench.files import new_folder

FORMAT = 1

RUN, SCORES, PREDICTIONS, MODEL = "run.json", "scores.json", "predictions.jsonl", "model"


@dataclass(frozen=True)
class Record:
    """One run on disk: ``run`` is its run.json, ``scores`` its scores.json."""

    folder: Path
    run: dict[str, Any] = field(repr=False)
    scores: dict[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def method(self) -> str:
        return str(self.run["method"])

    @property
    def digest(self) -> str:
        return str(self.run["digest"])

    def predictions(self) -> Iterator[dict[str, Any]]:
        """The lines of predictions.jsonl."""
        path = self.folder / PREDICTIONS
        if path.is_file():
            with path.open(encoding="utf-8") as stream:
                for line in stream:
                    yield json.loads(line)


def digest_of(specification: Mapping[str, Any]) -> str:
    """Ten characters that stand for a specification: the same settings and data give the same."""
    text = json.dumps(specification, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def folder_name(specification: Mapping[str, Any], digest: str, now: datetime | None = None) -> str:
    """``<time>-<method>-<source>-<target>-s<seed>-<digest>`` in characters that every file system takes."""
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%S")
    words = [specification["method"], *specification["sources"], specification["target"]]
    middle = "-".join(re.sub(r"[^A-Za-z0-9_.]+", "_", str(word)).strip("_.")[-40:] for word in words)
    return f"{stamp}-{middle}-s{specification['seed']}-{digest}"


def write(
    parent: Path,
    run: dict[str, Any],
    scores: dict[str, Any],
    rows: Iterator[dict[str, Any]],
    save_model: Any,
) -> Record:
    """Write a record into a temporary folder and rename it.

    ``save_model`` is called with the model's empty folder. Raises :class:`WbError` when the disk refuses;
    earlier records are untouched.
    """
    folder = parent / folder_name(run["specification"], run["digest"])
    while folder.exists():
        folder = folder.with_name(folder.name + "+")
    with new_folder(folder) as temporary:
        (temporary / RUN).write_text(json.dumps(run, indent=1, default=str) + "\n", encoding="utf-8")
        (temporary / SCORES).write_text(json.dumps(scores, indent=1, default=float) + "\n", encoding="utf-8")
        with (temporary / PREDICTIONS).open("w", encoding="utf-8") as stream:
            for row in rows:
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        (temporary / MODEL).mkdir()
        save_model(temporary / MODEL)
    return Record(folder, run, scores)


def load(folder: Path) -> Record:
    """Raises :class:`DataError` when the folder is no record or a damaged one."""
    try:
        run = json.loads((folder / RUN).read_text(encoding="utf-8"))
        scores = json.loads((folder / SCORES).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"{folder}: not the record of a run; see 'wb runs list'") from None
    except (ValueError, OSError) as error:
        raise DataError(f"{folder}: a damaged record ({error}); 'wb runs rm {folder.name}' removes it") from None
    if run.get("format") != FORMAT:
        raise DataError(f"{folder}: record format {run.get('format')} is not {FORMAT}; run it again with this wb")
    return Record(folder, run, scores)


def folders(parent: Path | None = None) -> list[Path]:
    """The folders that look like records, oldest first."""
    parent = parent or environment.runs_folder()
    if not parent.is_dir():
        return []
    return sorted(p for p in parent.iterdir() if p.is_dir() and not p.name.startswith(".") and (p / RUN).is_file())


def list_all(parent: Path | None = None) -> tuple[list[Record], list[str]]:
    """The readable records, oldest first, and a line for each that cannot be read."""
    good, problems = [], []
    for folder in folders(parent):
        try:
            good.append(load(folder))
        except DataError as error:
            problems.append(str(error))
    return good, problems


def find(reference: str, parent: Path | None = None) -> Record:
    """A record by its folder, its name, any part of its name, or ``last``. Raises :class:`UsageError`."""
    path = Path(reference).expanduser()
    if (path / RUN).is_file():
        return load(path)
    known = folders(parent)
    if not known:
        raise UsageError(f"no runs in {parent or environment.runs_folder()} yet; make one with 'wb run'")
    if reference == "last":
        return load(known[-1])
    matches = [folder for folder in known if folder.name == reference] or [
        folder for folder in known if reference in folder.name
    ]
    if not matches:
        raise UnknownName("run", reference, [folder.name for folder in known], hint="see 'wb runs list'")
    if len(matches) > 1:
        shown = ", ".join(folder.name for folder in matches[-3:])
        raise UsageError(f"'{reference}' fits {len(matches)} runs, e.g. {shown}; give more of the name, or 'last'")
    return load(matches[0])


def remove(record: Record) -> None:
    """Delete a record: first renamed, so that an interruption leaves no half record behind."""
    doomed = record.folder.with_name(f".{record.folder.name}.part")
    record.folder.rename(doomed)
    shutil.rmtree(doomed, ignore_errors=True)
