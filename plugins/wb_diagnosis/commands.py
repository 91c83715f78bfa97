"""``wb diagnose --src S --tgt T``: every registered check of a pair of domains."""

from __future__ import annotations

import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli import state_of
from workbench.cli.options import columns_of, with_columns

if TYPE_CHECKING:
    from workbench.data.domains import Problem
    from workbench.plugins.loading import Host

PICTURES = (".png", ".svg", ".pdf")


def _codes(ctx: click.Context, option: click.Parameter, value: str) -> tuple[str, ...]:
    return tuple(code.strip().upper() for code in value.split(",") if code.strip())


@click.command()
@click.option("--src", "-s", "sources", required=True, metavar="NAME|PATH", multiple=True, help="Labelled source.")
@click.option("--tgt", "-t", "target", required=True, metavar="NAME|PATH", help="Target domain; no label is read.")
@with_columns
@click.option("--fast", is_flag=True, help="Smaller samples, and only the checks that are quick.")
@click.option("--only", callback=_codes, default="", metavar="CODES", help="Only these checks, e.g. WB001,WB006.")
@click.option("--skip", callback=_codes, default="", metavar="CODES", help="All checks but these.")
@click.option("--fail-on", type=click.Choice(["issue", "note"]), help="Exit 1 where a check finds one, or worse.")
@click.option("--picture", type=click.Path(dir_okay=False, path_type=Path), help="Draw both domains: .png, .svg, .pdf.")
@click.option("--seed", type=click.INT, default=0, show_default=True, help="Seed of every random choice.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def diagnose(
    ctx: click.Context,
    sources: tuple[str, ...],
    target: str,
    fast: bool,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    fail_on: str | None,
    picture: Path | None,
    seed: int,
    as_json: bool,
    **given: str | None,
) -> None:
    """What can be known of a pair of domains before adapting, without any label of the target."""
    from wb_diagnosis.diagnosing import chosen, diagnosed
    from wb_diagnosis.screen import screen
    from workbench.data.pairs import Pair

    columns = columns_of(given)
    host, began = state_of(ctx).host, time.perf_counter()
    entries = chosen(host, only, skip)
    if picture is not None and picture.suffix.lower() not in PICTURES:
        raise click.UsageError(f"--picture {picture}: give a name that ends in {', '.join(PICTURES)}")
    options = " ".join(f"--src {shlex.quote(name)}" for name in sources) + f" --tgt {shlex.quote(target)}"
    options += "".join(f" --{name} {shlex.quote(column)}" for name, column in columns.items())
    pair = Pair(_problem(sources, target, seed, columns, host), host, fast, options)
    diagnosis = diagnosed(pair, entries, lambda line: click.echo(f"note: {line}", err=True), began)
    if picture is not None:
        from wb_diagnosis.picture import draw

        draw(pair, picture)
    click.echo(diagnosis.as_json() if as_json else screen(diagnosis, pair, picture))
    if fail_on is not None and diagnosis.fails(fail_on):
        ctx.exit(1)


def _problem(sources: tuple[str, ...], target: str, seed: int, columns: dict[str, str], host: Host) -> Problem:
    """The pair as a method of any task would be given it."""
    from workbench.running.opened import open_data
    from workbench.running.specification import Specification

    return open_data(Specification("", sources, target, seed=seed, columns=columns), host).problem()
