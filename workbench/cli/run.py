"""``wb run METHOD --src S --tgt T``: one method on one pair, beside its baseline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli import state_of
from workbench.cli.options import COLUMNS, Shots, columns_of
from workbench.errors import PluginError, UsageError
from workbench.running.target_labels import TARGET_LABELS

if TYPE_CHECKING:
    from workbench.plugins.entries import MethodEntry
    from workbench.plugins.loading import Host
    from workbench.running.outcome import Outcome
    from workbench.settings import Settings

COMMON: list[click.Parameter] = [
    click.Option(
        ["--src", "-s", "sources"],
        multiple=True,
        required=True,
        metavar="NAME|PATH",
        help="Source domain, with labels: a name of 'wb data list', or a path. Give it again to pool sources.",
    ),
    click.Option(
        ["--tgt", "-t", "target"],
        required=True,
        metavar="NAME|PATH",
        help="Target domain, whose labels the method never sees.",
    ),
    *COLUMNS,
    click.Option(["--unlabelled"], metavar="NAME|PATH", help="Other unlabelled target examples to adapt to."),
    click.Option(["--split"], default="test", show_default=True, help="The target's split that is scored."),
    click.Option(["--seed"], type=click.INT, default=0, show_default=True, help="Seed of every random choice."),
    click.Option(
        ["--seeds"],
        type=click.IntRange(1),
        default=1,
        help="Run K seeds from --seed on; gives mean ± sd and a test over the pairs.",
    ),
    click.Option(
        ["--shots"],
        type=Shots(),
        default=0,
        metavar="K|all",
        help="Give the method K labelled target examples (of each class); the record says so.",
    ),
    click.Option(
        ["--target-labels"],
        type=click.Choice(TARGET_LABELS),
        default="auto",
        show_default=True,
        help="Score by the target's labels where it has any, never, or fail before any fit where it has none.",
    ),
    click.Option(
        ["--class-shares"],
        is_flag=True,
        help="Estimate the target's class shares also where it has labels; costs another fit of the method.",
    ),
    click.Option(["--source-size"], type=click.IntRange(1), help="Use a sample of N labelled source examples."),
    click.Option(
        ["--upper-bound"], is_flag=True, help="Train on labelled target data instead: what adaptation could reach."
    ),
    click.Option(
        ["--select"], default="", metavar="NAME", help="Choose settings by a selector, without target labels."
    ),
    click.Option(["--grid", "grids"], multiple=True, metavar="NAME=A,B", help="Values that --select chooses from."),
    click.Option(
        ["--allow-target-labels"], is_flag=True, help="Let '--select oracle' look at them; the record says so."
    ),
    click.Option(
        ["--out"], type=click.Path(path_type=Path, file_okay=False), help="A new folder, which becomes the record."
    ),
    click.Option(["--json", "as_json"], is_flag=True, help="Print one JSON object instead of the table."),
    click.Option(
        ["--calibrate"],
        is_flag=True,
        help="Fit a copy without a fifth of the source, on which the probabilities are calibrated.",
    ),
    click.Option(["--no-baseline"], is_flag=True, help="Leave the source-only baseline out."),
    click.Option(["--variant"], default="", metavar="NAME", help="Which variant of the method runs, see 'wb methods'."),
    click.Option(
        ["--floor"],
        type=click.FloatRange(0, 100),
        default=0.1,
        show_default=True,
        metavar="POINTS",
        help="The smallest difference of interest: a verdict needs at least as much.",
    ),
    click.Option(
        ["--fail-on-negative-transfer"], is_flag=True, help="End with exit code 1 when the verdict is negative."
    ),
    click.Option(["--debug"], is_flag=True, help="Show the traceback of an error."),
]


class Methods(click.Group):
    """One command for each registered method, with its settings as options."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return state_of(ctx).host.methods.names()

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return command_of(name, state_of(ctx).host)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        entries = state_of(ctx).host.methods
        with formatter.section("Methods"):
            formatter.write_dl([(f"{entry.name} ({entry.place})", entry.summary) for entry in entries])


def command_of(name: str, host: Host) -> click.Command:
    """The command that runs one method. Raises :class:`UnknownName` with the nearest names."""
    from workbench.cli.options import from_params

    entries = host.methods.find(name)
    params = [entry.load().Params for entry in entries]
    for entry, model in zip(entries, params, strict=True):
        _refuse_reserved(entry, model)
    settings = from_params([(entry.place, model) for entry, model in zip(entries, params, strict=True)])

    @click.pass_context
    def callback(ctx: click.Context, **values: Any) -> int:
        given = {o.name: values.pop(o.name) for o in settings if o.name is not None}
        chosen = {name: value for name, value in given.items() if value is not None}
        return carry_out(name, host, chosen, **values)

    summaries = dict.fromkeys(entry.summary for entry in entries)
    tasks = ", ".join(dict.fromkeys(entry.task for entry in entries))
    return click.Command(
        name,
        params=[*COMMON, *settings],
        callback=callback,
        help="\n\n".join([*summaries, f"Tasks: {tasks}. More: wb methods {name}"]),
        short_help=next(iter(summaries)),
    )


def _refuse_reserved(entry: MethodEntry, params: type[Settings]) -> None:
    """Raise :class:`PluginError` where a setting has the name of one of our options."""
    reserved = {option.name for option in COMMON} & set(params.model_fields)
    if reserved:
        names = ", ".join(sorted(map(str, reserved)))
        raise PluginError(
            f"method '{entry.name}' of plugin '{entry.plugin}' has settings named as options of 'wb run' are: "
            f"{names}; its author must choose other names"
        )


@click.group(cls=Methods, context_settings={"help_option_names": ["-h", "--help"]})
def run() -> None:
    """Adapt a model from a source to a target domain and score it beside its source-only baseline."""


def carry_out(
    method: str,
    host: Host,
    settings: dict[str, Any],
    *,
    sources: tuple[str, ...],
    seed: int,
    seeds: int,
    out: Path | None,
    as_json: bool,
    no_baseline: bool,
    fail_on_negative_transfer: bool,
    debug: bool,
    grids: tuple[str, ...],
    floor: float,
    **choices: Any,
) -> int:
    """Run the seeds, print, and return the exit code."""
    from workbench.cli.options import named_values
    from workbench.cli.progress import drawn_progress
    from workbench.running.execution import execute
    from workbench.running.seeds import combine
    from workbench.running.specification import Specification
    from workbench.scoring.comparing import NEGATIVE, PROBABLY_WORSE

    if choices["upper_bound"] and choices["shots"]:
        raise UsageError("--upper-bound trains on all labelled target data: leave --shots out")
    choices |= {"columns": columns_of(choices), "grid": named_values(grids), "floor": floor / 100}
    records = [out / f"s{seed + number}" for number in range(seeds)] if out and seeds > 1 else [out] * seeds
    outcomes = []
    for number, record in enumerate(records):
        spec = Specification(
            method, sources, settings=settings, seed=seed + number, baseline=not no_baseline, **choices
        )
        with drawn_progress(quiet=as_json or number > 0) as progress:
            outcomes.append(execute(spec, host, progress, out=record))
    outcome = outcomes[0] if seeds == 1 else combine(outcomes)
    for notice in outcome.notices:
        click.echo(f"note: {notice}", err=True)
    if outcome.temperature is not None:
        click.echo(f"note: {outcome.temperature}", err=True)
    for warning in outcome.warnings:
        click.echo(f"warning: {warning}", err=True)
    if as_json:
        click.echo(json.dumps(outcome.as_json(), indent=1, default=float, ensure_ascii=False))
    else:
        show(outcome, at=str(outcome.record) if out else "last")
    return int(fail_on_negative_transfer and outcome.verdict in (NEGATIVE, PROBABLY_WORSE))


def show(outcome: Outcome, at: str) -> None:
    """Print what a run found: table, verdict, examples, where the record is, what to do next with it, named ``at``."""
    from workbench.report import terminal, verdicts
    from workbench.report.shares import share_lines

    click.echo()
    click.echo(terminal.figures(outcome))
    click.echo()
    click.echo(click.style(verdicts.verdict(outcome), fg=terminal.COLOURS.get(outcome.verdict), bold=True))
    for line in share_lines(outcome.shares):
        click.echo(line)
    width = terminal.width()
    for line in outcome.changes.examples[:3]:
        click.echo(f"  {line}" if len(line) <= width - 2 else f"  {line[: width - 4]}…”")
    click.echo()
    for line in terminal.closing(outcome, at):
        click.echo(line)
