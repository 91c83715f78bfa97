"""``wb runs``: the records of runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli import state_of
from workbench.cli.export import export
from workbench.cli.rerun import rerun
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.running.records import Record

AT = click.option("--at", type=click.Path(path_type=Path, file_okay=False), help="Folder of records (WB_RUNS).")


@click.group()
def runs() -> None:
    """List, show, compare, draw and remove the records of runs.

    RUN is a record's folder, its name, a part of its name that fits only one, or 'last'.
    """


@runs.command("list")
@AT
@click.option(
    "--where",
    "wheres",
    multiple=True,
    metavar="NAME=VALUE",
    help="Only runs with this method, source, target, verdict or setting.",
)
@click.option("--limit", type=click.IntRange(1), help="Only the last N.")
@click.option("--settings", "with_settings", is_flag=True, help="Show the settings that were given.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_runs(at: Path | None, wheres: tuple[str, ...], limit: int | None, with_settings: bool, as_json: bool) -> None:
    """Every record, those of benches too, oldest first."""
    from workbench import environment
    from workbench.cli.options import named
    from workbench.report import listing, terminal
    from workbench.running import records

    readable, problems = records.list_all(at)
    for problem in problems:
        click.echo(f"note: {problem}", err=True)
    wanted = [named(text) for text in wheres]
    chosen = [record for record in readable if listing.fits(record, wanted)][-(limit or 0) :]
    if as_json:
        click.echo(json.dumps([{"name": record.name, **record.run} for record in chosen], indent=1))
    elif not readable:
        click.echo(f"no runs in {at or environment.runs_folder()} yet; make one with 'wb run'", err=True)
    else:
        click.echo(terminal.table(*listing.cells(chosen, with_settings), left=2 if with_settings else 1, names=True))


@runs.command()
@click.argument("run")
@AT
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page with figures instead.")
@click.pass_context
def show(ctx: click.Context, run: str, at: Path | None, as_json: bool, html: Path | None) -> None:
    """One record: its settings, scores and what changed."""
    import tempfile

    from workbench.files import write_atomically
    from workbench.report import page, summary
    from workbench.running import records

    record = records.find(run, at)
    if as_json:
        click.echo(json.dumps({"run": record.run, "scores": record.scores}, indent=1))
    elif html is not None:
        with tempfile.TemporaryDirectory(prefix="wb-figures-") as folder:
            write_atomically(html, page.render(record, _draw_all(ctx, record, Path(folder))))
        click.echo(str(html))
    else:
        click.echo("\n".join(summary.lines(record.name, record.outcome)))


@runs.command()
@click.argument("run", nargs=-1, required=True)
@AT
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def compare(ctx: click.Context, run: tuple[str, ...], at: Path | None, as_json: bool) -> None:
    """Several records side by side, each tested against the first where they scored the same examples."""
    from workbench.report import comparing, terminal
    from workbench.running import records

    if len(run) < 2:
        raise UsageError("give at least two runs to compare")
    rows = comparing.against_first([records.find(reference, at) for reference in run], state_of(ctx).host)
    if as_json:
        click.echo(json.dumps([row.as_json() for row in rows], indent=1))
        return
    for number, row in enumerate(rows, 1):
        click.echo(f"{number}  {row.name}")
    click.echo()
    click.echo(terminal.blocks(*comparing.cells(rows)))
    for note in comparing.notes(rows):
        click.echo(f"note: {note}", err=True)


@runs.command()
@click.argument("run")
@AT
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for the pictures.")
@click.pass_context
def draw(ctx: click.Context, run: str, at: Path | None, out: Path | None) -> None:
    """Draw every figure that fits a record, into its folder or --out."""
    from workbench.running import records

    record = records.find(run, at)
    drawn = _draw_all(ctx, record, out or record.folder / "figures")
    if not drawn:
        raise UsageError(f"no figure fits the method '{record.method}'")
    for path in drawn.values():
        click.echo(str(path))


@runs.command()
@click.argument("run", nargs=-1, required=True)
@AT
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
def rm(run: tuple[str, ...], at: Path | None, yes: bool) -> None:
    """Remove records."""
    from workbench.running import records

    for folder in [records.find_folder(reference, at) for reference in run]:
        if yes or click.confirm(f"remove {folder.name}?", err=True):
            records.remove(folder)
            click.echo(f"removed {folder.name}", err=True)


def _draw_all(ctx: click.Context, record: Record, folder: Path) -> dict[str, Path]:
    """Every figure that fits the record, by name, as PNG files in ``folder``; one that fails is named and left out."""
    from workbench.plugins.isolation import isolated

    folder.mkdir(parents=True, exist_ok=True)
    drawn = {}
    for entry in state_of(ctx).host.figures:
        if entry.methods and record.method not in entry.methods:
            continue
        path = folder / f"{entry.name}.png"
        with isolated(entry, lambda line: click.echo(f"note: {line}", err=True)):
            entry.load()().draw(record, path, state_of(ctx).host)
            drawn[entry.name] = path
    return drawn


runs.add_command(export)
runs.add_command(rerun)
