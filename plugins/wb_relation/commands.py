"""``wb relation``: the analogies of a run, and why a link is predicted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from wb_relation.model import LinkModel
    from workbench.plugins.loading import Host
    from workbench.running.records import Record


@click.group()
def relation() -> None:
    """Look inside a run by analogy: which predicate plays which part, and what speaks for a link.

    RUN is a record's folder, its name, a part of its name, or 'last'.
    """


@relation.command(name="map")
@click.argument("run", default="last")
@click.option("--top", type=click.IntRange(1), default=8, show_default=True, help="How many analogies.")
@click.option("--json", "as_json", is_flag=True, help="Print all as JSON.")
@click.pass_context
def map_(ctx: click.Context, run: str, top: int, as_json: bool) -> None:
    """The ranked analogies of RUN with the parts of their scores."""
    from wb_relation.analogies import STRUCTURE
    from workbench.cli import state_of
    from workbench.report import terminal

    model = _open(run, state_of(ctx).host)[1]
    analogies = model.inside.get("analogies", [])
    if as_json:
        click.echo(json.dumps(analogies, indent=1, ensure_ascii=False))
        return
    if not analogies:
        click.echo("no analogy: none of the source's rules has a legal counterpart in the target")
        return
    source, target = model.inside["query"], model.schema.query
    click.echo(headline(analogies[0], f"{source} : {target}"))
    rows = [
        [
            ", ".join(f"{mine} : {_part(part)}" for mine, part in row["parts"].items()),
            f"{row['share']:.2f}",
            f"{row['score']:.2f}",
            f"{row['likelihood']:.2f}",
            f"{STRUCTURE * row['similarity']:.2f}",
        ]
        for row in analogies[:top]
    ]
    click.echo(terminal.table(["analogy (source : target)", "share", "score", "labelled links", "structure"], rows))
    if len(analogies) > top:
        click.echo(f"… and {len(analogies) - top} more (--top {len(analogies)})")
    click.echo(f"\nthe source's rules for {source}(X, Y), carried over with discount {_discount(model)}:")
    click.echo(terminal.table(["source rule", "weight"], _rules(model)))


@relation.command()
@click.argument("run")
@click.argument("first", metavar="X")
@click.argument("second", metavar="Y")
@click.option("--top", type=click.IntRange(1), default=10, show_default=True, help="How many clauses.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def explain(ctx: click.Context, run: str, first: str, second: str, top: int, as_json: bool) -> None:
    """The clauses of RUN that argue for and against a link between X and Y, with their weights."""
    from wb_relation.explaining import explain as explained
    from wb_relation.facts import Link
    from workbench.cli import state_of
    from workbench.data.opening import open_corpus
    from workbench.errors import UsageError
    from workbench.report import terminal

    record, model = _open(run, state_of(ctx).host)
    corpus = open_corpus(record.run["specification"]["target"], state_of(ctx).host, "relations")
    links: list[Link] = corpus.unlabelled(corpus.splits[0]).inputs
    link = next((link for link in links if link.names == (first, second)), None)
    if link is None:
        known = {name for other in links for name in other.names}
        strange = [name for name in (first, second) if name not in known]
        reason = f"unknown constant {' and '.join(strange)}" if strange else "that pair is not a candidate link"
        raise UsageError(f"{record.run['target']['name']}: {reason}; candidates look like {links[0]!r}")
    explanation = explained(model, link)
    if as_json:
        click.echo(json.dumps({"link": repr(link), **explanation}, indent=1, ensure_ascii=False))
        return
    click.echo(f"{link!r}   P = {explanation['probability']:.3f}, log-odds {explanation['score']:+.2f}")
    rows = [
        [row["clause"], f"{row['transferred']:+.2f}", f"{row['learnt']:+.3f}", f"{row['total']:+.2f}"]
        for row in explanation["clauses"][:top]
    ]
    rows.append(["(intercept: how rare links are)", "", "", f"{explanation['intercept']:+.2f}"])
    click.echo(terminal.table(["clause that holds", "from source", "from target", "total"], rows))
    rest = len(explanation["clauses"]) - top
    if rest > 0:
        click.echo(f"… and {rest} more clauses that hold (--top {len(explanation['clauses'])})")


def headline(best: dict[str, Any], query: str) -> str:
    """The best analogy as one line: ``director : actor = professor : student``."""
    pairs = [(mine, _part(part)) for mine, part in best["parts"].items() if part is not None]
    if not pairs:
        return f"{query}   (no predicate has a counterpart)"
    left, right = " : ".join(a for a, _ in pairs), " : ".join(b for _, b in pairs)
    return f"{query}   by   {left} = {right}"


def _part(part: list[Any] | None) -> str:
    if part is None:
        return "–"
    name, *order = part
    return name if order == sorted(order) else f"{name} ({', '.join(str(i + 1) for i in order)})"


def _rules(model: LinkModel) -> list[list[str]]:
    return [[body, f"{weight:+.2f}"] for body, weight in model.inside.get("rules", [])]


def _discount(model: LinkModel) -> str:
    return f"{model.inside.get('discount', 1.0):.2f}"


def _open(run: str, host: Host) -> tuple[Record, LinkModel]:
    """A record of this family and its model. Raises :class:`UsageError` for any other."""
    from wb_relation.model import LinkModel
    from workbench.errors import UsageError
    from workbench.running import records

    record = records.find(run)
    if record.run["task"] != "relations":
        raise UsageError(f"{record.name}: not a run on relational domains, but {record.method} ({record.run['task']})")
    return record, LinkModel.load(record.folder / records.MODEL, host)
