"""``wb auto --src S --tgt T --budget 10m``: from labelled data there to a model for unlabelled data here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from workbench.cli import state_of
from workbench.cli.options import columns_of, with_columns


def _seconds(ctx: click.Context, param: click.Parameter, value: str) -> float:
    from wb_diagnosis.automatic.budget import seconds_of

    return seconds_of(value)


STOPPED = 130
"""The exit code of a search that the user ended, as that of any stopped command."""


@click.command()
@click.option(
    "--src",
    "-s",
    "sources",
    multiple=True,
    required=True,
    metavar="NAME|PATH",
    help="Source domain, with labels. Give it again to pool sources.",
)
@click.option("--tgt", "-t", "target", required=True, metavar="NAME|PATH", help="Target domain; no label is read.")
@with_columns
@click.option(
    "--budget",
    callback=_seconds,
    default="10m",
    show_default=True,
    metavar="TIME",
    help="For everything: 30s, 10m, 1h.",
)
@click.option("--methods", default="", metavar="A,B", help="Try these only, beside the plain reference.")
@click.option("--seed", type=click.INT, default=0, show_default=True, help="Seed of every random choice.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="The file of the predictions, e.g. predictions.csv."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def auto(
    ctx: click.Context,
    sources: tuple[str, ...],
    target: str,
    budget: float,
    methods: str,
    seed: int,
    out: Path | None,
    as_json: bool,
    **columns: Any,
) -> int:
    """Find a model for an unlabelled target within a time, and say how right it probably is.

    No label of the target is read, even where there are any. Ctrl-C ends the search and keeps the best so far.
    """
    from wb_diagnosis.automatic.auto import Request
    from wb_diagnosis.automatic.auto import auto as search
    from wb_diagnosis.automatic.budget import Budget
    from wb_diagnosis.automatic.screen import lines
    from workbench.cli.progress import drawn_progress

    limit = Budget(budget)
    named = tuple(name.strip() for name in methods.split(",") if name.strip())
    with drawn_progress(quiet=as_json) as progress:
        result = search(
            Request(sources, target, seed, named, columns_of(columns), out), limit, state_of(ctx).host, progress
        )
    if as_json:
        click.echo(json.dumps(result.as_json(), indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(lines(result)))
    return STOPPED if result.stopped else 0
