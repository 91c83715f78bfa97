"""Checks of what works with runs and records: figures, exporters, executors, observers and commands."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path

from workbench.errors import WbError
from workbench.plugins.entries import (
    CommandEntry,
    ExecutorEntry,
    ExporterEntry,
    FigureEntry,
    MethodEntry,
    ObserverEntry,
)
from workbench.plugins.loading import Host
from workbench.report.exporter import Exporter
from workbench.report.figure import Figure
from workbench.running.observers import Observer
from workbench.running.records import Record
from workbench.running.specification import Specification
from workbench.testing.canary import recorded
from workbench.testing.checking import Check, require, run_all
from workbench.testing.examples import example, task_of
from workbench.testing.judges import baseline

PICTURES = (b"\x89PNG", b"<?xml", b"<svg")


def check_figure(entry: FigureEntry, host: Host) -> list[Check]:
    """A picture of a record, or one line that says what the record lacks."""

    def contract() -> None:
        require(entry.summary, "registered without a summary")
        kind = entry.load()
        require(
            isinstance(kind, type) and issubclass(kind, Figure), "the factory is not a subclass of workbench.Figure"
        )
        require(isinstance(entry.methods, tuple), "methods must be a tuple of names")
        for name in entry.methods:
            host.methods.find(name)

    def draws() -> None:
        methods = [host.methods.find(name)[0] for name in entry.methods[:1]] or [baseline(host)]
        with _record_of(methods[0], host) as record, tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "figure.png"
            try:
                entry.load()().draw(record, path, host)
            except WbError:  # the record lacks what the picture shows
                return
            require(path.is_file() and path.read_bytes().startswith(PICTURES), "it drew no PNG or SVG file")

    return run_all(f"{entry.name} (figure)", ("contract", contract), ("draws a record", draws))


def check_exporter(entry: ExporterEntry, host: Host) -> list[Check]:
    """Files of a record, in the folder that it was given."""

    def contract() -> None:
        require(entry.summary, "registered without a summary")
        kind = entry.load()
        require(isinstance(kind, type) and issubclass(kind, Exporter), "the factory is not a subclass of Exporter")

    def exports() -> None:
        with _record_of(baseline(host), host) as record, tempfile.TemporaryDirectory() as folder:
            entry.load()().export(record, Path(folder))
            require(any(Path(folder).rglob("*")), "it wrote nothing into the folder")

    return run_all(f"{entry.name} (exporter)", ("contract", contract), ("exports a record", exports))


def check_executor(entry: ExecutorEntry, host: Host) -> list[Check]:
    """An executor for a number of jobs that carries calls out and can be shut down."""

    def contract() -> None:
        require(entry.summary, "registered without a summary")
        require(callable(entry.load()), "the factory must be callable with the number of jobs")

    def works() -> None:
        with entry.load()(1) as executor:
            require(isinstance(executor, Executor), "it gives no concurrent.futures.Executor")
            require(executor.submit(abs, -1).result(timeout=120) == 1, "a call that is submitted gives a wrong result")

    return run_all(f"{entry.name} (executor)", ("contract", contract), ("carries a call out", works))


def check_observer(entry: ObserverEntry, host: Host) -> list[Check]:
    """It bears every event of a run."""

    def contract() -> None:
        require(entry.summary, "registered without a summary")
        kind = entry.load()
        require(isinstance(kind, type) and issubclass(kind, Observer), "the factory is not a subclass of Observer")

    def bears() -> None:
        method = baseline(host)
        with _record_of(method, host) as record:
            observer = entry.load()()
            observer.run_begins(Specification(method.name, ("source",), "target"))
            observer.fit_begins(method.name)
            observer.fit_ends(method.name, 0.1)
            observer.run_ends(record)
            observer.cell_ends("a cell", None)

    return run_all(f"{entry.name} (observer)", ("contract", contract), ("bears every event", bears))


def check_command(entry: CommandEntry, host: Host) -> list[Check]:
    """A click command that has a summary and helps."""
    import click

    def contract() -> None:
        require(entry.summary, "registered without a summary")
        require(isinstance(entry.load(), click.Command), "the factory is not a click command or group")

    def helps() -> None:
        command: click.Command = entry.load()
        below = command.commands.items() if isinstance(command, click.Group) else ()
        for name, one in [(entry.name, command), *((f"{entry.name} {name}", one) for name, one in below)]:
            require((one.help or "").strip(), f"'{name}' has no help: write a docstring")
            for parameter in one.params:
                if isinstance(parameter, click.Option):
                    require(parameter.help, f"'{name}' says nothing of its option {parameter.opts[0]}")

    return run_all(f"{entry.name} (command)", ("contract", contract), ("helps", helps))


@contextmanager
def _record_of(entry: MethodEntry, host: Host) -> Iterator[Record]:
    source, target = example(task_of(entry.task, host), entry.load().takes, 0)
    with recorded(entry, host, source, target) as record:
        yield record
