"""``wb runs``: the records of runs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from workbench.cli import state_of
from workbench.errors import UsageError

AT = click.option("--at", type=click.Path(path_type=Path, file_okay=False), help="Folder of records (WB_RUNS).")


@click.group()
def runs() -> None:
    """List, show, compare, draw and remove the records of runs.

    RUN is a record's folder, its name, a part of its name that fits only one, or 'last'.
    """


@runs.command("list")
@AT
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_runs(at: Path | None, as_json: bool) -> None:
    """Every record, oldest first."""
    from workbench import environment
    from workbench.report import terminal
    from workbench.running import records

    found, problems = records.list_all(at)
    for problem in problems:
        click.echo(f"note: {problem}", err=True)
    if as_json:
        click.echo(json.dumps([{"name": record.name, **record.run} for record in found], indent=1))
    elif not found:
        click.echo(f"no runs in {at or environment.runs_folder()} yet; make one with 'wb run'", err=True)
    else:
        rows = []
        for record in found:
            name = next(iter(record.scores["adapted"]))
            change = record.scores["difference"].get(name)
            rows.append(
                [
                    record.name,
                    f"{record.scores['adapted'][name]['value'] * 100:.2f}",
                    f"{change['value'] * 100:+.2f}" if change else "–",
                    record.run["verdict"],
                ]
            )
        click.echo(terminal.table(["run", "score", "difference", "verdict"], rows))


@runs.command()
@click.argument("run")
@AT
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page with figures instead.")
@click.pass_context
def show(ctx: click.Context, run: str, at: Path | None, as_json: bool, html: Path | None) -> None:
    """One record: its settings, scores and what changed."""
    from workbench.files import write_atomically
    from workbench.report import page, summary
    from workbench.running import records

    record = records.find(run, at)
    if as_json:
        click.echo(json.dumps({"run": record.run, "scores": record.scores}, indent=1))
    elif html is not None:
        pictures = _draw_all(ctx, record, None)
        write_atomically(html, page.render(record, pictures))
        click.echo(str(html))
    else:
        click.echo("\n".join(summary.lines(record)))


@runs.command()
@click.argument("run", nargs=-1, required=True)
@AT
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def compare(run: tuple[str, ...], at: Path | None, as_json: bool) -> None:
    """Several records side by side, each tested against the first where they scored the same examples."""
    from workbench.report import comparing, terminal
    from workbench.running import records

    if len(run) < 2:
        raise UsageError("give at least two runs to compare")
    found = [records.find(reference, at) for reference in run]
    rows = comparing.against_first(found)
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for number, record in enumerate(found, 1):
        click.echo(f"{number}  {record.name}")
    click.echo()
    click.echo(terminal.table(*comparing.cells(rows)))
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

    found = [records.find(reference, at) for reference in run]
    for record in found:
        if yes or click.confirm(f"remove {record.name}?", err=True):
            records.remove(record)
            click.echo(f"removed {record.name}", err=True)


def _draw_all(ctx: click.Context, record, out: Path | None) -> dict[str, Path]:  # type: ignore[no-untyped-def]
    """Every figure that fits the record, by name, as PNG files in ``out`` (or in a temporary folder)."""
    import tempfile

    from workbench.errors import WbError

    folder = out or Path(tempfile.mkdtemp(prefix="wb-figures-"))
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {}
    for entry in state_of(ctx).host.figures:
        if entry.methods and record.method not in entry.methods:
            continue
        path = folder / f"{entry.name}.png"
        try:
            entry.load()().draw(record, path)
        except (WbError, ModuleNotFoundError) as error:
            click.echo(f"note: figure '{entry.name}' was not drawn: {error}", err=True)
            continue
        drawn[entry.name] = path
    return drawn
