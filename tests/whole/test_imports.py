"""Every import of ours names something that is there, in code that no run of the tests imports too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOTS = {
    "workbench": ROOT,
    **{path.name: path.parent for top in ("plugins", "corpora") for path in ROOT.glob(f"{top}/wb_*")},
}
IMPORTING = sorted(
    path for top in ("benchmarks", "examples", *ROOTS) for path in ROOTS.get(top, ROOT).joinpath(top).rglob("*.py")
)


@cache
def file_of(module: str) -> Path | None:
    """The file of a module of ours, or None where there is none."""
    base = ROOTS[module.partition(".")[0]].joinpath(*module.split("."))
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()), None)


@cache
def names_in(path: Path) -> set[str]:
    """What a module binds at its top, in its conditions too; assignments to several names are one each."""
    names = set()
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        waiting += ast.iter_child_nodes(node)
    return names


def imports_of_ours(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] in ROOTS:
            yield from ((node.module, alias.name) for alias in node.names)


@pytest.mark.parametrize("path", IMPORTING, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_imported_from_ours_is_there(path):
    for module, name in imports_of_ours(path):
        file = file_of(module)
        assert file is not None, f"no module {module}"
        assert name in names_in(file) or file_of(f"{module}.{name}"), f"{module} has no {name}"
