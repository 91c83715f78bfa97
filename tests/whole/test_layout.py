"""The layout is the architecture: no import circles, a ladder of folders, and a tree that is the documented one."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOPS = ("workbench", "plugins", "corpora")

LADDER = (
    ("errors", "settings", "progress", "files", "environment", "lazy"),
    ("plugins",),
    ("data",),
    ("methods",),
    ("scoring",),
    ("choosing",),
    ("running",),
    ("benching",),
    ("report",),
    ("testing",),
    ("cli",),
)
"""Rooms of the host from the ground up: each imports only from its own rung and those before it."""


def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name."""
    found = {}
    for top in TOPS:
        base = ROOT if top == "workbench" else ROOT / top
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(base).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports_of(name: str) -> set[str]:
    """The modules of ours that a module imports: at its top, inside functions and under TYPE_CHECKING."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                below = f"{node.module}.{alias.name}"
                found.add(below if below in MODULES else node.module)
    return {other for other in found if other in MODULES and other != name}


GRAPH = {name: imports_of(name) for name in MODULES}


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The strongly connected parts with more than one member (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph[node]):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            part = []
            while not part or part[-1] != node:
                part.append(stack.pop())
            if len(part) > 1:
                found.append(sorted(part))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def test_no_module_imports_itself_through_others():
    assert circles(GRAPH) == []


def test_the_search_for_circles_finds_one():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == [["b", "c"]]


def rung(module: str) -> int | None:
    parts = module.split(".")
    if parts[0] != "workbench" or len(parts) == 1:
        return None
    return next((number for number, rooms in enumerate(LADDER) if parts[1] in rooms), None)


def test_the_host_is_a_ladder():
    falls = [
        f"{name} imports {other}"
        for name, others in GRAPH.items()
        for other in sorted(others)
        if (mine := rung(name)) is not None and (theirs := rung(other)) is not None and theirs > mine
    ]
    assert falls == []


def test_the_host_imports_no_plugin():
    ours = {name: others for name, others in GRAPH.items() if name.startswith("workbench")}
    assert [f"{name}: {other}" for name, others in ours.items() for other in others if other[:3] == "wb_"] == []
