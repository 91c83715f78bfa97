"""Run folders: written whole or not at all, listed, loaded, found by name.

A record holds ``run.json`` (the outcome without its scores, the specification, versions), ``scores.json``,
``predictions.jsonl``, ``statistics.npz`` (what each cluster adds to each figure, for later comparisons) and ``model/``.
It names registered things, never modules.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from workbench import environment
from workbench.data.domains import Domain, Predictions
from workbench.data.tasks import Task
from workbench.errors import DataError, UnknownName, UsageError
from workbench.files import new_folder
from workbench.running.outcome import SCORES as SCORES_PARTS
from workbench.running.outcome import Outcome
from workbench.running.target_reference import TargetReference
from workbench.scoring.metrics import Metric

FORMAT = 2
CONFIDENCE_DIGITS = 4
RUN, SCORES, PREDICTIONS, STATISTICS, MODEL = (
    "run.json",
    "scores.json",
    "predictions.jsonl",
    "statistics.npz",
    "model",
)


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

    @property
    def outcome(self) -> Outcome:
        """What the run found. Raises :class:`DataError` where the files do not say."""
        try:
            outcome = Outcome.from_json({**self.run, **self.scores})
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise DataError(f"{self.folder}: a damaged record ({place}: {first['msg']})") from None
        return outcome.model_copy(update={"record": self.folder})

    def predictions(self) -> Iterator[dict[str, Any]]:
        """The lines of predictions.jsonl."""
        path = self.folder / PREDICTIONS
        if path.is_file():
            with path.open(encoding="utf-8") as stream:
                for line in stream:
                    yield json.loads(line)

    def statistics(self) -> dict[str, np.ndarray]:
        """What each cluster adds to the sums of each figure of the adapted model, shape (clusters, k)."""
        path = self.folder / STATISTICS
        if not path.is_file():
            return {}
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}


@dataclass(frozen=True, eq=False)
class Content:
    """All that a record is written from."""

    specification: Mapping[str, Any]
    outcome: Outcome
    task: Task
    predicted: Domain
    gold: Domain | None
    """The labelled ones among the predicted examples, and where they stand among them."""
    gold_rows: np.ndarray
    adapted: Predictions
    baseline: Predictions | None
    metrics: Mapping[str, Metric]
    save_model: Callable[[Path], None]
    """Called with the model's empty folder."""
    target: TargetReference | None = None
    """What is kept of the target."""

    def rows(self) -> Iterator[dict[str, Any]]:
        """The lines of predictions.jsonl.

        Each has the input, the gold (null for an example without a label), what each model said and, of a model that
        has probabilities, how sure the adapted one is: its greatest probability, for sequences one for each token.
        """
        inputs, rows, before, gold = self.predicted.inputs, self.task.rows, self.baseline, self.gold
        truth = rows(gold.inputs, gold.labels, gold.classes) if gold is not None else iter(())
        labelled = set(self.gold_rows.tolist())
        adapted = rows(inputs, self.adapted.labels, self.adapted.classes)
        other = rows(inputs, before.labels, before.classes) if before is not None else None
        confidences = self.adapted.confidences()
        for number, row in enumerate(adapted):
            right = next(truth)["label"] if number in labelled else None
            line = {"input": row["input"], "gold": right, "adapted": row["label"]}
            if other is not None:
                line["baseline"] = next(other)["label"]
            if confidences is not None:
                line["confidence"] = np.round(confidences[number], CONFIDENCE_DIGITS).tolist()
            yield line


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


def check_free(folder: Path) -> None:
    """Raise :class:`UsageError` where ``folder`` cannot become a record because something is in it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty; --out names a new folder, which becomes the record itself")


def write(content: Content, out: Path | None, parent: Path) -> Record:
    """Write a record into a temporary folder and rename it to ``out``, or to a name of its own in ``parent``.

    Raises :class:`WbError` when the disk refuses; earlier records are untouched.
    """
    digest = digest_of(content.specification)
    folder = out or parent / folder_name(content.specification, digest)
    while out is None and folder.exists():
        folder = folder.with_name(folder.name + "+")
    values = content.outcome.as_json()
    run = {
        "format": FORMAT,
        "digest": digest,
        "specification": dict(content.specification),
        "versions": environment.versions(),
        **{key: value for key, value in values.items() if key not in (*SCORES_PARTS, "record")},
    }
    scores = {key: value for key, value in values.items() if key in SCORES_PARTS}
    scores["computes"] = {name: metric.compute.__name__ for name, metric in content.metrics.items()}
    with new_folder(folder) as temporary:
        scores["examples"] = _write_rows(temporary / PREDICTIONS, content.rows())
        np.savez_compressed(
            temporary / STATISTICS,
            **{name: metric.statistics for name, metric in content.metrics.items()},  # type: ignore[arg-type]
        )
        (temporary / RUN).write_text(json.dumps(run, indent=1, default=str) + "\n", encoding="utf-8")
        (temporary / SCORES).write_text(json.dumps(scores, indent=1, default=float) + "\n", encoding="utf-8")
        (temporary / MODEL).mkdir()
        content.save_model(temporary / MODEL)
        if content.target is not None:
            content.target.save(temporary)
    return load(folder)


def _write_rows(path: Path, rows: Iterator[dict[str, Any]]) -> str:
    """Write the predictions; returns a digest of the inputs and the gold, which equal examples share."""
    digest = hashlib.sha256()
    with path.open("w", encoding="utf-8") as stream:
        for row in rows:
            digest.update(json.dumps([row["input"], row["gold"]], ensure_ascii=False).encode())
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    return digest.hexdigest()[:16]


def load(folder: Path) -> Record:
    """Raises :class:`DataError` when the folder is no record or a damaged one."""
    try:
        run = json.loads((folder / RUN).read_text(encoding="utf-8"))
        scores = json.loads((folder / SCORES).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"{folder}: not the record of a run; see 'wb runs list'") from None
    except (ValueError, OSError) as error:
        raise DataError(f"{folder}: a damaged record ({error}); 'wb runs rm {folder.name}' removes it") from None
    if not isinstance(run, dict) or not isinstance(scores, dict):
        raise DataError(f"{folder}: a damaged record (no JSON object); 'wb runs rm {folder.name}' removes it")
    if run.get("format") != FORMAT:
        raise DataError(f"{folder}: record format {run.get('format')} is not {FORMAT}; run it again with this wb")
    return Record(folder, run, scores)


def folders(parent: Path | None = None) -> list[Path]:
    """The folders that look like records, those of benches too, oldest first."""
    parent = parent or environment.runs_folder()
    if not parent.is_dir():
        return []
    places = [parent, *parent.glob("*/records")]
    return sorted(
        (p for place in places for p in place.iterdir() if not p.name.startswith(".") and (p / RUN).is_file()),
        key=_age,
    )


def _age(folder: Path) -> tuple[str, int, str]:
    """The second in a record's name, and within it when its folder was last written to."""
    return folder.name.partition("-")[0], folder.stat().st_mtime_ns, folder.name


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
    return load(find_folder(reference, parent))


def find_folder(reference: str, parent: Path | None = None) -> Path:
    """The folder that :func:`find` would load, whatever state it is in."""
    path = Path(reference).expanduser()
    if (path / RUN).is_file():
        return path
    known = folders(parent)
    if not known:
        raise UsageError(f"no runs in {parent or environment.runs_folder()} yet; make one with 'wb run'")
    if reference == "last":
        return known[-1]
    matches = [folder for folder in known if folder.name == reference] or [
        folder for folder in known if reference in folder.name
    ]
    if not matches:
        raise UnknownName("run", reference, [folder.name for folder in known], hint="see 'wb runs list'")
    if len(matches) > 1:
        shown = ", ".join(folder.name for folder in matches[-3:])
        raise UsageError(f"'{reference}' fits {len(matches)} runs, e.g. {shown}; give more of the name, or 'last'")
    return matches[0]


def remove(folder: Path) -> None:
    """Delete a record: first renamed, so that an interruption leaves no half record behind."""
    doomed = folder.with_name(f".{folder.name}.part")
    folder.rename(doomed)
    shutil.rmtree(doomed, ignore_errors=True)
