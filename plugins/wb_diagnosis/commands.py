"""``wb diagnose --src S --tgt T``: every registered check of a pair of domains."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from workbench.cli import state_of

if TYPE_CHECKING:
    from workbench.data.domains import Problem
    from workbench.plugins.loading import Host

COLOURS = {"issue": "red", "note": "yellow", "passed": "green"}


@click.command()
@click.option("--src", "-s", "source", required=True, metavar="NAME|PATH", help="Source domain, with labels.")
@click.option("--tgt", "-t", "target", required=True, metavar="NAME|PATH", help="Target domain; no label is read.")
@click.option("--seed", type=click.INT, default=0, show_default=True, help="Seed of every random choice.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def diagnose(ctx: click.Context, source: str, target: str, seed: int, as_json: bool) -> None:
    """What can be known of a pair of domains before adapting, without any label of the target."""
    from workbench.plugins.isolation import isolated

    host = state_of(ctx).host
    problem = _problem(source, target, seed, host)
    findings = []
    for entry in host.checks:
        with isolated(entry, lambda line: click.echo(f"note: {line}", err=True)):
            findings.append(entry.load()().check(problem, host))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=1, ensure_ascii=False))
        return
    for finding in findings:
        click.echo(click.style(f"{finding.status:8} {finding.code}", fg=COLOURS.get(finding.status)), nl=False)
        click.echo(f"  {finding.message}" + (f"\n                {finding.advice}" if finding.advice else ""))


def _problem(source: str, target: str, seed: int, host: Host) -> Problem:
    """The pair as a method of any task would be given it."""
    from workbench.running.opened import open_data
    from workbench.running.specification import Specification

    return open_data(Specification("", (source,), target, seed=seed), host).problem()
