"""Progress on stderr: a live bar with time left on a terminal, a line for each stage elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from workbench.progress import Progress


class Lines(Progress):
    """For pipes and logs: what begins, and what it took."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self.told: set[str] = set()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        click.echo(f"{name}: {time.perf_counter() - start:.1f} s", err=True)

    def describe(self, lines: list[str]) -> None:
        if not self.quiet:
            click.echo("\n".join(lines))

    def notice(self, message: str) -> None:
        """Once, though the baseline, the method and the plain reference may all say it."""
        if message not in self.told:
            self.told.add(message)
            self.print_notice(f"note: {message}")

    def print_notice(self, line: str) -> None:
        click.echo(line, err=True)


class Live(Lines):
    """For a terminal: one bar that shows the stage, what is being done and the time left."""

    def __init__(self, quiet: bool, bar: Any) -> None:
        super().__init__(quiet)
        self.bar = bar
        self.task: Any = None

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self.task = self.bar.add_task(name, total=1.0, doing="")
        try:
            yield
        finally:
            self.bar.remove_task(self.task)
            self.task = None

    def update(self, fraction: float, message: str = "") -> None:
        if self.task is not None:
            self.bar.update(self.task, completed=fraction, doing=message)

    def describe(self, lines: list[str]) -> None:
        if not self.quiet:
            self.bar.console.file.flush()
            click.echo("\r\033[2K" + "\n".join(lines))

    def print_notice(self, line: str) -> None:
        self.bar.console.print(line, markup=False, highlight=False)


@contextmanager
def drawn_progress(quiet: bool = False) -> Iterator[Progress]:
    """The progress that fits stderr; ``quiet`` leaves the description of the run out."""
    if not sys.stderr.isatty():
        yield Lines(quiet)
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[doing]}"),
    )
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Live(quiet, bar)
