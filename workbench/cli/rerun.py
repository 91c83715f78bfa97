"""``wb runs rerun RUN``: the same adaptation again, on next month's file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli import state_of

if TYPE_CHECKING:
    from workbench.running.rerunning import Rerun
    from workbench.running.target_reference import Likeness


@click.command()
@click.argument("run")
@click.option("--tgt", "-t", "target", metavar="NAME|PATH", help="Another target; by default the record's own.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="A new folder, which becomes the new record."
)
@click.option("--at", type=click.Path(path_type=Path, file_okay=False), help="Folder of records (WB_RUNS).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the tables.")
@click.pass_context
def rerun(ctx: click.Context, run: str, target: str | None, out: Path | None, at: Path | None, as_json: bool) -> None:
    """Run a record's method with the same settings again, and compare the new record with it."""
    import json

    from workbench.cli.progress import drawn_progress
    from workbench.cli.run import show
    from workbench.report import comparing, terminal
    from workbench.running import records
    from workbench.running.rerunning import rerun as run_again

    host = state_of(ctx).host
    record = records.find(run, at)
    with drawn_progress(quiet=as_json) as progress:
        result = run_again(record, target, host, progress, out=out)
    assert result.outcome.record is not None, "a run has a record"
    rows = comparing.against_first([record, records.load(result.outcome.record)], host)
    if as_json:
        values = {"run": result.outcome.as_json(), "agreement": result.agreement, "likeness": None}
        values |= {"likeness": vars(result.likeness)} if result.likeness is not None else {}
        values |= {"compared": [row.as_json() for row in rows]}
        click.echo(json.dumps(values, indent=1, default=float, ensure_ascii=False))
        return
    show(result.outcome, at=str(result.outcome.record) if out else "last")
    click.echo(f"\n1  {record.name}\n2  {result.outcome.record.name}\n")
    click.echo(terminal.blocks(*comparing.cells(rows)))
    for line in [*_in_words(result), *comparing.notes(rows)]:
        click.echo(line)


def _in_words(result: Rerun) -> list[str]:
    lines = [f"the earlier model says the same of {result.agreement:.1%} of the new target"]
    return [*lines, likeness_in_words(result.likeness)] if result.likeness is not None else lines


def likeness_in_words(likeness: Likeness) -> str:
    """How new examples compare with the target of a record, in a line."""
    distance = f"distance from it {likeness.share:.2f} of the source's, p {likeness.p:.3f}"
    alike = "no longer look" if likeness.is_foreign else "look"
    known = likeness.confidence == likeness.confidence and likeness.expected_confidence > 0
    confidence = f"; mean confidence {likeness.confidence:.2f}, there {likeness.expected_confidence:.2f}"
    return f"these {likeness.n:,} examples {alike} like the target that the run adapted to: {distance}" + (
        confidence if known else ""
    )
