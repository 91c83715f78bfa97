"""The layout is the architecture: no import circles, a ladder of folders, and a tree that is the documented one."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "architecture.md"
TOPS = ("workbench", "plugins", "corpora")

DEPTHS = {"workbench": 3, "plugins": 3, "corpora": 3, "benchmarks": 2, "docs": 2, "examples": 2, "tests": 2}
"""How deep the documented tree goes into each folder at the top; of `workbench` it names the modules too."""

Graph = dict[str, set[str]]


def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name."""
    paths = {}
    for top in TOPS:
        base = ROOT if top == "workbench" else ROOT / top
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(base).with_suffix("").parts
            paths[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return paths


MODULES = modules()


def imports_of(name: str) -> set[str]:
    """The modules of ours that a module imports: at its top, inside functions and under TYPE_CHECKING."""
    imported = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                below = f"{node.module}.{alias.name}"
                imported.add(below if below in MODULES else node.module)
    return {other for other in imported if other in MODULES and other != name}


GRAPH = {name: imports_of(name) for name in MODULES}


def circles(graph: Graph) -> list[list[str]]:
    """The strongly connected parts with more than one member (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    parts = []

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
                parts.append(sorted(part))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return parts


def gathered(graph: Graph, room_of: Callable[[str], str]) -> Graph:
    """The graph of rooms: one imports another where some module of it does."""
    rooms: Graph = {room_of(name): set() for name in graph}
    for name, others in graph.items():
        rooms[room_of(name)] |= {room_of(other) for other in others} - {room_of(name)}
    return rooms


def folder_of(module: str) -> str:
    """The folder of a module inside its package; a file beside the folders is a room of its own."""
    package, *path = module.split(".")
    is_folder = MODULES[module].name == "__init__.py"
    return ".".join([package, *(path if is_folder else path[:-1] or path)])


def package_of(module: str) -> str:
    return module.partition(".")[0]


def documented() -> list[str]:
    """The folders (`a/b/`) and modules (`a/b`) that the page's tree names, in its order."""
    block = re.search(r"^```tree\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert block, f"{PAGE.name} has no block that begins with ```tree"
    named: list[str] = []
    above: list[str] = []
    for line in block.group(1).splitlines():
        folder, *things = line.partition(" — ")[0].split()
        assert folder.endswith("/"), f"a line of the tree begins with a folder, 'name/': {line}"
        del above[(len(line) - len(line.lstrip())) // 2 :]
        above.append(folder)
        named += ["".join(above), *("".join(above) + thing for thing in things)]
    return named


def real() -> set[str]:
    """What the tree must name: the folders that hold something, and the host's modules."""
    named = set()
    for top, depth in DEPTHS.items():
        for file in (ROOT / top).rglob("*"):
            parts = file.relative_to(ROOT).parts
            if file.is_dir() or any(part.startswith((".", "__")) or part.endswith(".egg-info") for part in parts[:-1]):
                continue
            folders = parts[:-1][:depth]
            named |= {"/".join(folders[:level]) + "/" for level in range(1, len(folders) + 1)}
            if top == "workbench" and file.suffix == ".py" and not file.name.startswith("__"):
                named.add("/".join(parts).removesuffix(".py"))
    return named


def ladder() -> list[str]:
    """The host's folders from the ground up, as the tree has them: each imports only those before it."""
    return [name.split("/")[1] for name in documented() if re.fullmatch(r"workbench/\w+/", name)]


def rung(module: str, folders: list[str]) -> int | None:
    """The rung of a host's module: 0 the ground; None for another package's and for the list of public names."""
    package, *path = module.split(".")
    if package != "workbench" or not path:
        return None
    if path == ["__main__"]:
        return len(folders) + 1
    return 1 + folders.index(path[0]) if path[0] in folders else 0


def test_no_module_imports_itself_through_others():
    assert circles(GRAPH) == []


def test_no_folder_imports_itself_through_others():
    assert circles(gathered(GRAPH, folder_of)) == [], "move what both need into the lower folder, or a file beside them"


def test_no_plugin_imports_itself_through_others():
    assert circles(gathered(GRAPH, package_of)) == []


def test_the_search_for_circles_finds_one():
    graph = {"a.x": {"b.y"}, "a.z": set(), "b.y": {"c"}, "b.w": {"a.z"}, "c": {"b.y"}, "d": set()}
    assert circles(graph) == [["b.y", "c"]]
    assert circles(gathered(graph, package_of)) == [["a", "b", "c"]]


def test_the_host_is_a_ladder():
    folders = ladder()
    falls = [
        f"{name} imports {other}"
        for name, others in GRAPH.items()
        for other in sorted(others)
        if (mine := rung(name, folders)) is not None and (theirs := rung(other, folders)) is not None and theirs > mine
    ]
    assert falls == [], f"a folder imports only those before it in the tree of docs/{PAGE.name}"


def test_the_host_imports_no_plugin():
    ours = {name: others for name, others in GRAPH.items() if name.startswith("workbench")}
    assert [f"{name}: {other}" for name, others in ours.items() for other in others if other[:3] == "wb_"] == []


def test_the_documented_tree_is_the_real_one():
    told, there = set(documented()), real()
    advice = f"in the block ```tree of docs/{PAGE.name}, on the line of their folder,"
    assert not there - told, f"{advice} add the words {sorted(there - told)}"
    assert not told - there, f"{advice} take away the words {sorted(told - there)}"
