"""A message that names a command of ``wb`` names one that exists, with the options that it has."""

import ast
import re
from pathlib import Path

import click
import pytest

from workbench import load
from workbench.cli import wb
from workbench.errors import UnknownName

ROOT = Path(__file__).parents[3]
QUOTED = re.compile(r"'wb ([^']+)'|run: wb ([^;,.)]+)")


def texts_of(node: ast.AST):
    """Every text that is no docstring; what an f-string fills in is given as VALUE."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "VALUE" for part in child.values)
        elif isinstance(child, ast.Constant) and isinstance(child.value, str):
            if not isinstance(node, ast.Expr):
                yield child.value
        else:
            yield from texts_of(child)


def hints():
    """What stands behind ``wb`` in the messages of the host, the plugins and the data sets."""
    for top in ("workbench", "plugins", "corpora"):
        for path in sorted((ROOT / top).rglob("*.py")):
            for text in texts_of(ast.parse(path.read_text(encoding="utf-8"))):
                yield from (first or second for first, second in QUOTED.findall(text))
    for registry in load().registries.all():
        yield from (first for first, _ in QUOTED.findall(unknown(registry)))


def unknown(registry) -> str:
    """What is said of a name that nobody registered."""
    with pytest.raises(UnknownName) as caught:
        registry.find("qqqqqqqq")
    return str(caught.value)


def command_of(words: list[str]) -> click.Command:
    """The command that the words reach from ``wb``; raises where one is no command."""
    context = click.Context(wb)
    command: click.Command = wb
    while words and isinstance(command, click.Group):
        name = words.pop(0)
        if name.startswith("-") or name in ("METHOD", "VALUE"):
            break
        found = command.get_command(context, name)
        assert found is not None, f"there is no command '{name}' below '{command.name}'"
        context, command = click.Context(found, info_name=name, parent=context), found
    return command


HINTS = sorted(set(hints()))


def test_the_hints_are_found():
    assert {"wb methods", "wb data list", "wb plugins list"} <= {f"wb {hint}" for hint in HINTS}
    assert any(hint.startswith("data get VALUE") for hint in HINTS)


@pytest.mark.parametrize("hint", HINTS)
def test_a_hint_names_a_command_that_exists(hint):
    words = hint.split()
    command = command_of(list(words))
    known = {name for parameter in command.params for name in parameter.opts} | {"--help"}
    unknown = [word for word in words if word.startswith("--") and word not in known]
    if not isinstance(command, click.Group):
        assert unknown == []


@pytest.mark.parametrize("kind", [registry.kind for registry in load().registries.all()])
def test_an_unknown_name_of_any_kind_says_what_there_is(kind):
    registry = next(registry for registry in load().registries.all() if registry.kind == kind)
    names = registry.names()
    assert "see 'wb " in unknown(registry) or (names and all(name in unknown(registry) for name in names))
