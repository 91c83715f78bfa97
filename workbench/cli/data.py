"""``wb data``: the data sets, what is installed, and how to get more."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli import state_of
from workbench.errors import UsageError, WbError

if TYPE_CHECKING:
    from workbench.data.cards import Card, Edition
    from workbench.data.download import Report
    from workbench.plugins.entries import CorpusEntry
    from workbench.plugins.loading import Host


@click.group()
def data() -> None:
    """List, show, get, verify, add and remove data sets.

    Data lies in WB_DATA; WB_MIRROR names a folder or URL that is asked before the internet.
    """


@data.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def list_data(ctx: click.Context, as_json: bool) -> None:
    """Every data set, with the edition that a run would take."""
    from workbench.report import terminal

    rows = list(_rows(state_of(ctx).host))
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    cells = [[row["name"], row["task"], row["uses"] or "–", row["summary"]] for row in rows]
    click.echo(terminal.table(["name", "task", "a run takes", "what it is"], cells, left=4))


def _rows(host: Host) -> Iterator[dict[str, Any]]:
    from workbench.data import installed, opening
    from workbench.data.cards import load

    for entry in host.corpora:
        for name in opening.names_of(entry):
            about = {"task": entry.task_of(name.partition("/")[2]), "summary": entry.summary}
            if entry.generated:
                yield {"name": name, **about, "uses": "generated", "editions": {}}
                continue
            try:
                card = load(entry.factory, name)
                editions = {edition.name: installed.installed(card, edition) for edition in card.editions}
            except WbError as error:
                yield {"name": name, **about, "uses": f"broken: {error}", "editions": {}}
                continue
            uses = next((name for name, installed in editions.items() if installed), "")
            yield {"name": name, **about, "uses": uses, "editions": editions}


@data.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print the card as JSON.")
@click.pass_context
def show(ctx: click.Context, name: str, as_json: bool) -> None:
    """All about one data set: licence, citation, editions, splits, how to get it; of a generated one its settings."""
    from workbench.data import opening

    host = state_of(ctx).host
    generated = opening.find_generated(name, host)
    if generated is not None:
        _show_generated(*generated, as_json)
        return
    card = opening.find_card(name, host)
    if as_json:
        click.echo(card.model_dump_json(indent=1))
    else:
        _show_card(card)


def _show_generated(entry: CorpusEntry, name: str, as_json: bool) -> None:
    from workbench.data.generators import SEED
    from workbench.settings import described

    settings, task = described(entry.load().Params), entry.task_of(name.partition("/")[2])
    if as_json:
        about = {"name": name, "task": task, "summary": entry.summary, "generated": True}
        click.echo(json.dumps({**about, "settings": [asdict(setting) for setting in settings]}, indent=1))
        return
    click.echo(f"{name}: {entry.summary} ({task})")
    click.echo("  made in the computer: always there, nothing to get")
    for setting in settings:
        click.echo(f"  {setting.name:12} {setting.description} [{setting.takes}; default: {setting.default}]")
    example = f"{name}?{settings[0].name}={settings[0].default}" if settings else name
    click.echo(f"\nuse     --src or --tgt {name}, or with settings '{example}'")
    if any(setting.name == SEED for setting in settings):
        click.echo("        a run's --seed is its seed, unless the name gives one")


def _show_card(card: Card) -> None:
    from workbench.data import installed

    click.echo(f"{card.name}: {card.title} ({card.task}, {card.language})")
    for label in ("licence", "citation", "homepage", "notes"):
        if getattr(card, label):
            click.echo(f"  {label:9} {getattr(card, label)}")
    for edition in card.editions:
        here = installed.installed(card, edition)
        click.echo(f"\n{edition.name}: {edition.title}" + (f"; {edition.licence}" if edition.licence else ""))
        click.echo("  installed" if here else f"  {installed.how_to_get(card, edition)}")
        for split in edition.splits:
            counts = ", ".join(f"{n:,} {what}" for what, n in edition.holds.get(split, {}).items())
            click.echo(f"  {split:11} {counts}".rstrip())


@data.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--edition", help="Another edition than the best one that can be downloaded.")
@click.option("--from", "mirror", metavar="DIR|URL", help="Ask here first (default: WB_MIRROR).")
@click.option("--accept-licence", is_flag=True, help="You have read the licence and agree.")
@click.pass_context
def get(
    ctx: click.Context, names: tuple[str, ...], edition: str | None, mirror: str | None, accept_licence: bool
) -> None:
    """Download data sets, verify them, and say what their licence asks.

    hf:OWNER/NAME is a data set of the Hugging Face Hub.
    """
    from workbench import environment
    from workbench.data import download, paths

    place = mirror or environment.mirror()
    host = state_of(ctx).host
    openers = {name: opened for name in names if (opened := paths.opener_of(name, host)) is not None}
    for opener, reference in openers.values():
        click.echo(opener.get(reference))
    for card in _cards(tuple(name for name in names if name not in openers), host):
        chosen = card.edition(edition) if edition else _downloadable(card, place)
        click.echo(f"{card.name}: {chosen.title}; licence: {chosen.licence or card.licence}")
        with _bar() as report:
            for line in download.get(card, chosen, place, accept_licence, report):
                click.echo(f"  {line}")


@data.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--counts", is_flag=True, help="Read every split (the blind one not) and compare its counts.")
@click.pass_context
def verify(ctx: click.Context, names: tuple[str, ...], counts: bool) -> int:
    """Check the installed files against their cards; exit code 1 when something is wrong."""
    from workbench.data import installed

    host = state_of(ctx).host
    wrong = 0
    for card in _cards(names, host):
        edition = installed.best_installed(card)
        problems = installed.verify(card, edition)
        if counts and not problems:
            problems = list(_miscounts(card, edition, host))
        wrong += len(problems)
        click.echo(f"{card.name} ({edition.name}): " + ("as its card says" if not problems else "not as its card says"))
        for problem in problems:
            click.echo(f"  {problem}")
    return int(wrong > 0)


def _miscounts(card: Card, edition: Edition, host: Host) -> Iterator[str]:
    from workbench.data.editions import from_card

    corpus = from_card(card, host, edition.name)
    task = host.tasks.get(card.task).load()()
    for split, expected in edition.holds.items():
        if split != "blind":
            held = task.counts(corpus.unlabelled(split))
            if held != expected:
                yield f"{split}: holds {held}, the card says {expected}"


@data.command()
@click.argument("name", metavar="NAME[@EDITION]")
@click.option("--path", required=True, type=click.Path(path_type=Path, file_okay=False), help="Its folder.")
@click.pass_context
def add(ctx: click.Context, name: str, path: Path) -> None:
    """Point wb at a licensed or hand-made copy of a data set; the layout is checked, nothing is copied.

    A collection's name means all its domains: those that are there are added, and of the others is said what is
    missing.
    """
    if not path.is_dir():
        raise UsageError(f"{path}: no such folder")
    bare, _, chosen = name.partition("@")
    cards = list(_cards((bare,), state_of(ctx).host))
    failures = [error for card in cards if (error := _add(card, chosen, path)) is not None]
    if len(failures) == len(cards):
        raise failures[0]
    for failure in failures:
        click.echo(f"not added: {failure}", err=True)


def _add(card: Card, chosen: str, path: Path) -> WbError | None:
    """Add one data set from a folder, in the chosen edition or the first manual one that the folder holds."""
    from workbench.data import installed
    from workbench.errors import DataError

    editions = [card.edition(chosen)] if chosen else [edition for edition in card.editions if edition.manual]
    if not editions:
        raise UsageError(f"'{card.name}' needs no path: run: wb data get {card.name}")
    failure: WbError | None = None
    for edition in editions:
        try:
            problems = installed.add(card, edition, path)
        except DataError as error:
            failure = failure or error
            continue
        click.echo(f"{card.name}: runs take the edition '{edition.name}' from {path}")
        for problem in problems:
            click.echo(f"  {problem}; figures may differ from published ones")
        return None
    return failure


@data.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.pass_context
def remove(ctx: click.Context, names: tuple[str, ...], yes: bool) -> None:
    """Delete downloaded files, or forget an added path (its files stay)."""
    from workbench.data import installed

    for card in _cards(names, state_of(ctx).host):
        for edition in card.editions:
            if edition.embedded or not installed.installed(card, edition):
                continue
            if yes or click.confirm(f"remove {card.name} ({edition.title})?", err=True):
                deleted = installed.remove(card, edition)
                click.echo(f"{card.name}: {len(deleted)} files deleted" if deleted else f"{card.name}: path forgotten")


def _cards(names: tuple[str, ...], host: Host) -> Iterator[Card]:
    """The cards of the names; a collection's name means all its domains."""
    from workbench.data import opening

    for name in names:
        entry = next((entry for entry in host.corpora if entry.name == name and entry.domains), None)
        for full in opening.names_of(entry) if entry is not None else [name]:
            yield opening.find_card(full, host)


def _downloadable(card: Card, mirror: str) -> Edition:
    """The best edition with files that have an address, or that a mirror may have."""
    for edition in card.editions:
        if edition.files and (mirror or any(file.url for file in edition.files)):
            return edition
    return card.editions[0]


@contextmanager
def _bar() -> Iterator[Report]:
    """Bytes on stderr while they come in, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def report(path: str, done: int, total: int) -> None:
            if path not in tasks:
                tasks[path] = bar.add_task(Path(path).name, total=total or None)
            bar.update(tasks[path], completed=done, total=total or None)

        yield report
