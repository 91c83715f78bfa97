"""``wb runs export RUN --to NAME --out FOLDER``: a record for another program."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import state_of
from workbench.errors import UsageError


@click.command()
@click.argument("run")
@click.option("--to", "name", required=True, metavar="NAME", help="The exporter; see 'wb plugins list'.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="A new folder.")
@click.option("--at", type=click.Path(path_type=Path, file_okay=False), help="Folder of records (WB_RUNS).")
@click.pass_context
def export(ctx: click.Context, run: str, name: str, out: Path, at: Path | None) -> None:
    """Write a record for another program into the new folder --out."""
    from workbench.files import new_folder
    from workbench.running import records

    exporter = state_of(ctx).host.exporters.get(name).load()()
    record = records.find(run, at)
    if out.exists():
        raise UsageError(f"{out} exists; choose another folder")
    with new_folder(out) as folder:
        exporter.export(record, folder)
    for path in sorted(out.rglob("*")):
        if path.is_file():
            click.echo(str(path))
