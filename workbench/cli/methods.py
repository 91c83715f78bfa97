"""``wb methods``: every registered method, in a list, in the field's taxonomy, or one in full."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable

import click

from workbench.cli import state_of
from workbench.plugins.entries import MethodEntry

Tree = dict[str, "Tree"]


@click.command()
@click.argument("name", required=False)
@click.option("--tree", is_flag=True, help="Draw the taxonomy of the field with every method in its place.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def methods(ctx: click.Context, name: str | None, tree: bool, as_json: bool) -> None:
    """What there is to run; with NAME, one method with its settings and sources."""
    host = state_of(ctx).host
    entries = host.methods.find(name) if name else list(host.methods)
    if as_json:
        click.echo(json.dumps([_row(entry) for entry in entries], indent=1))
    elif name:
        click.echo("\n\n".join(_page(entry) for entry in entries))
    elif tree:
        click.echo("\n".join(draw(entries)))
    else:
        from workbench.report import terminal

        rows = [(f"{entry.name} ({entry.place})", entry.summary) for entry in entries]
        click.echo(terminal.table(["method", "what it does"], rows, left=2))


def _row(entry: MethodEntry) -> dict[str, str]:
    keys = ("name", "task", "variant", "family", "baseline", "summary", "plugin", "extra")
    return {key: getattr(entry, key) for key in keys}


def draw(entries: Iterable[MethodEntry]) -> list[str]:
    """The families as a tree, the methods as its leaves."""
    root: Tree = {}
    for entry in entries:
        node = root
        for part in entry.family.split("/"):
            node = node.setdefault(part, {})
        node[f"{entry.name} ({entry.place}): {entry.summary}"] = {}
    return ["transfer learning", *_branches(root, "")]


def _branches(node: Tree, indent: str) -> list[str]:
    lines = []
    for number, (name, below) in enumerate(node.items()):
        last = number == len(node) - 1
        lines.append(f"{indent}{'└─ ' if last else '├─ '}{name}")
        lines += _branches(below, indent + ("   " if last else "│  "))
    return lines


def _page(entry: MethodEntry) -> str:
    """All about one method: what it does, its settings, its source."""
    from workbench.cli.options import from_params

    method = entry.load()
    lines = [f"{entry.name} ({entry.place}): {entry.summary}", ""]
    lines += [f"  family    {entry.family}", f"  baseline  {entry.baseline or 'none: it is a baseline'}"]
    lines += [f"  sources   several are {method.several_sources}"]
    lines += [f"  plugin    {entry.plugin}", "", inspect.getdoc(method) or "", "", "Settings"]
    formatter = click.HelpFormatter(width=100)
    context = click.Context(click.Command(entry.name))
    rows = [row for option in from_params([(entry.place, method.Params)]) if (row := option.get_help_record(context))]
    formatter.write_dl(rows or [("none", "")])
    return "\n".join([*lines, formatter.getvalue().rstrip()])
