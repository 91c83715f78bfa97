"""Whole runs on a task's example, whose labels lie on disk: the way by which a method could cheat by reading them."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workbench import environment
from workbench.data.corpus import Corpus
from workbench.data.domains import Domain
from workbench.data.generators import Generator
from workbench.data.readers import Examples
from workbench.plugins.entries import CorpusEntry, MethodEntry
from workbench.plugins.loading import Host
from workbench.running.execution import run
from workbench.running.records import Record, load
from workbench.testing.checking import Failed
from workbench.testing.examples import label_names, relabelled_at_random

PLUGIN = "conformance-kit"
SOURCE, TARGET = "conformance-source", "conformance-target"


def check_canary(entry: MethodEntry, host: Host, source: Domain, target: Domain) -> None:
    """Two whole runs, with the target's labels on disk true and permuted, predict the same.

    A method that opens the target again by its name, or reads its files, is told by the difference.
    """
    before, after = (_predictions(entry, host, source, side) for side in (target, relabelled_at_random(target)))
    if before != after:
        raise Failed("predictions change with the target's labels on disk: they are read somewhere")


def _predictions(entry: MethodEntry, host: Host, source: Domain, target: Domain) -> list[Any]:
    with recorded(entry, host, source, target) as record:
        return [row["adapted"] for row in record.predictions()]


@contextmanager
def recorded(entry: MethodEntry, host: Host, source: Domain, target: Domain) -> Iterator[Record]:
    """The record of a run of one method on two domains that are installed for it alone."""
    with tempfile.TemporaryDirectory(prefix="wb-kit-") as name, _installed(host, Path(name), source, target):
        choices: dict[str, Any] = {"settings": dict(entry.load().trial), "baseline": False, "seed": 3}
        if entry.load().needs_shots:
            choices["shots"] = 2
        outcome = run(entry.name, SOURCE, TARGET, host=host, out=Path(name) / "record", **choices)
        if outcome.record is None:
            raise Failed("the run left no record")
        yield load(outcome.record)


@contextmanager
def _installed(host: Host, folder: Path, source: Domain, target: Domain) -> Iterator[None]:
    """Both domains as data sets of the host, their labels in a WB_DATA of their own."""
    before = os.environ.get("WB_DATA")
    os.environ["WB_DATA"] = str(folder / "data")
    try:
        for name, domain in ((SOURCE, source), (TARGET, target)):
            path = _label_file(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(label_names(domain)), encoding="utf-8")
            host.corpora.add(
                CorpusEntry(
                    name=name, factory=_generator(name, domain), plugin=PLUGIN, task=domain.task, generated=True
                )
            )
        yield
    finally:
        host.corpora.remove_plugin(PLUGIN)
        if before is None:
            del os.environ["WB_DATA"]
        else:
            os.environ["WB_DATA"] = before


def _generator(name: str, domain: Domain) -> type[Generator]:
    """Gives one domain as a data set with one pool of examples; its labels are read from disk each time."""
    inputs = domain.inputs

    class Installed(Generator):
        def make(self, domain: str) -> Corpus:
            def read(split: str, labelled: bool) -> Examples:
                labels = json.loads(_label_file(name).read_text(encoding="utf-8")) if labelled else None
                return Examples(inputs, labels)

            return Corpus(name, task, "installed", ("train", "test"), read, one_pool=True)

    task = domain.task
    return Installed


def _label_file(name: str) -> Path:
    return environment.data_folder() / PLUGIN / f"{name}.json"
