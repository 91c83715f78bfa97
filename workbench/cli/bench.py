"""``wb bench``: many runs, resumed where they stopped, and ranked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli import state_of
from workbench.cli.options import Shots, columns_of, field_name, named, named_values, value_of, with_columns
from workbench.errors import UsageError
from workbench.running.target_labels import TARGET_LABELS

if TYPE_CHECKING:
    from workbench.benching.bench_result import BenchResult
    from workbench.benching.cell_result import CellResult


@click.command()
@click.argument("plan_file", required=False, type=click.Path(path_type=Path, dir_okay=False), metavar="[FILE.toml]")
@click.option("--methods", metavar="A,B,…", help="Methods, by name.")
@click.option("--pairs", metavar="S:T,…", help="Pairs of source and target; several sources are joined by +.")
@click.option("--collection", "collections", multiple=True, help="Every ordered pair of a collection's domains.")
@click.option("--seeds", type=click.IntRange(1), default=1, show_default=True, help="Seeds of every pair.")
@click.option("--shots", type=Shots(), default=0, metavar="K|all", help="Labelled target examples of each class.")
@click.option("--unlabelled", metavar="NAME|PATH", help="Other unlabelled target examples to adapt to.")
@click.option(
    "--target-labels",
    type=click.Choice(TARGET_LABELS),
    default="auto",
    show_default=True,
    help="Score by the target's labels where it has any, never, or fail before any fit where it has none.",
)
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting of every method, or METHOD.NAME."
)
@click.option("--grid", "grids", multiple=True, metavar="NAME=A,B", help="A setting with several values.")
@with_columns
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes; they share the threads.")
@click.option(
    "--executor", default="processes", show_default=True, metavar="NAME", help="Where the runs are carried out."
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder of the bench.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: cells and ranking.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a CSV line for each cell.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print Markdown tables: pairs and ranking.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def bench(
    ctx: click.Context,
    plan_file: Path | None,
    jobs: int,
    executor: str,
    out: Path | None,
    as_json: bool,
    as_csv: bool,
    as_markdown: bool,
    debug: bool,
    **given: Any,
) -> int:
    """Run every method on every pair, each beside its source-only baseline, and rank the methods.

    The plan is given by options or in FILE.toml (keys: methods, pairs, collections, seeds, shots, settings, grid).
    Each run is an ordinary record. A bench that was stopped goes on when the same command is given again; a run that
    fails is told at the end and leaves the others alone.
    """
    from workbench.benching import Plan
    from workbench.benching.collections import collection
    from workbench.benching.executing import bench as carry_out
    from workbench.benching.plan import read

    if plan_file is not None and (given["methods"] or given["pairs"] or given["collections"]):
        raise UsageError(f"{plan_file} says what to run: leave --methods, --pairs and --collection out")
    columns = columns_of(given)
    plan = read(plan_file) if plan_file is not None else Plan.parse(_values(columns=columns, **given))
    host = state_of(ctx).host
    for name in plan.collections:
        if notice := collection(name, plan.methods, host).notice:
            click.echo(f"note: {notice}", err=True)
    result = carry_out(plan, out=out, jobs=jobs, executor=executor, after_cell=_line, host=host)
    _show(result, as_json, as_csv, as_markdown)
    for row in result.failed:
        click.echo(f"failed: {row.name} {row.pair} s{row.seed}: {row.error}", err=True)
    if result.failed:
        failed, total = len(result.failed), len(result.cells)
        click.echo(f"{failed} of {total} runs failed; the same command tries them again", err=True)
    return int(bool(result.failed))


def _values(
    methods: str | None,
    pairs: str | None,
    collections: tuple[str, ...],
    seeds: int,
    shots: int,
    unlabelled: str | None,
    target_labels: str,
    settings: tuple[str, ...],
    grids: tuple[str, ...],
    columns: dict[str, str],
) -> dict[str, Any]:
    if not methods:
        raise UsageError("say what to run: --methods A,B with --pairs S:T or --collection NAME, or a FILE.toml")
    chosen: dict[str, Any] = {}
    for text in settings:
        name, value = named(text)
        method, dot, own = name.partition(".")
        if dot:
            chosen.setdefault(method, {})[field_name(own)] = value_of(value)
        else:
            chosen[field_name(name)] = value_of(value)
    return {
        "methods": methods.split(","),
        "pairs": pairs.split(",") if pairs else [],
        "collections": list(collections),
        "seeds": seeds,
        "shots": shots,
        "unlabelled": unlabelled,
        "target_labels": target_labels,
        "settings": chosen,
        "grid": named_values(grids),
        "columns": columns,
    }


def _line(row: CellResult, done: int, total: int) -> None:
    """One line on stderr for each finished run."""
    what = f"{row.name} {row.pair} s{row.seed}"
    if row.error is not None:
        click.echo(f"[{done}/{total}] {what}: failed", err=True)
        return
    if not row.has_figures:
        click.echo(f"[{done}/{total}] {what}: predicted; neither scores nor estimates, {row.seconds:.1f} s", err=True)
        return
    change = row.change
    marked = ", estimated" if row.is_estimated else ""
    over = f" ({row.scale.difference(change.value)} over {row.baseline}, {row.verdict})" if change else ""
    click.echo(
        f"[{done}/{total}] {what}: {row.scale.value(row.value.value)}{over}{marked}, {row.seconds:.1f} s", err=True
    )


def _show(result: BenchResult, as_json: bool, as_csv: bool, as_markdown: bool) -> None:
    from workbench.report import ranking, terminal

    lines = ranking.ranking_cells(result.ranking)
    if as_json:
        click.echo(json.dumps(result.as_json(), indent=1, default=float, ensure_ascii=False))
    elif as_csv:
        click.echo(ranking.as_csv(result.cells), nl=False)
    elif as_markdown:
        click.echo(ranking.markdown(*ranking.pair_cells(result.cells)))
        click.echo(ranking.markdown(ranking.HEADERS, lines), nl=False)
    else:
        click.echo(ranking.title(result.ranking))
        click.echo(terminal.blocks(*ranking.pair_cells(result.cells)))
        click.echo()
        click.echo(terminal.blocks(ranking.HEADERS, lines))
        click.echo(f"\nrecords  {result.folder}")
