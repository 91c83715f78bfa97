"""What is promised to others: public names, types that travel with the packages, and a wheel that lacks none."""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from pathlib import Path

import pytest

import workbench

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = sorted(
    [
        Path("workbench"),
        *(p.parent.relative_to(ROOT) for top in ("plugins", "corpora") for p in ROOT.glob(f"{top}/*/__init__.py")),
    ]
)
EXPORTING = sorted(
    ".".join(path.parent.relative_to(ROOT).parts)
    for path in (ROOT / "workbench").rglob("__init__.py")
    if "_PUBLIC = " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("package", EXPORTING)
def test_every_public_name_is_there_and_known_to_type_checkers(package):
    """The names are written for Python (`_PUBLIC`), for type checkers and in `__all__`: all three must agree."""
    module = importlib.import_module(package)
    assert module.__file__ is not None
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    checked = {
        alias.name: node.module
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert checked == {name: f"{package}.{where}" for name, where in module._PUBLIC.items()}
    assert set(module.__all__) - {"__version__"} == set(checked)
    for name in module.__all__:
        assert getattr(module, name) is not None


@pytest.mark.parametrize("package", EXPORTING)
def test_no_public_name_is_that_of_a_module_too(package):
    """Python would give the name at first, and the module as soon as somebody imports it."""
    folder = ROOT.joinpath(*package.split("."))
    below = {path.stem for path in folder.glob("*.py")} | {path.name for path in folder.iterdir() if path.is_dir()}
    assert set(importlib.import_module(package).__all__) & below == set()


def test_the_page_of_public_names_lists_exactly_those_of_the_host():
    page = (ROOT / "docs" / "public.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")][1:]
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(workbench.__all__)


@pytest.mark.parametrize("package", PACKAGES, ids=str)
def test_every_package_is_in_the_wheel_with_its_types(package):
    assert str(package) in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert (ROOT / package / "py.typed").is_file(), f"add an empty {package}/py.typed"


def test_every_plugin_of_ours_is_an_entry_point():
    entries = PROJECT["project"]["entry-points"]["workbench"]
    assert {package.name for package in PACKAGES} == set(entries)


def test_types_are_checked_in_every_package():
    checked = PROJECT["tool"]["mypy"]["files"]
    assert {package.parts[0] for package in PACKAGES} == set(checked)
