"""Plugin projects: writing a new one from the templates, and reading one that is not installed."""

from __future__ import annotations

import os
import re
import tomllib
from importlib import resources
from pathlib import Path

from workbench.errors import DataError, UsageError
from workbench.files import new_folder

TEMPLATES = {
    "pyproject.toml.txt": "pyproject.toml",
    "readme.md.txt": "README.md",
    "init.py.txt": "@PACKAGE@/__init__.py",
    "method.py.txt": "@PACKAGE@/method.py",
    "test.py.txt": "tests/test_@PACKAGE@.py",
}
"""Each template and the file that it becomes."""


def write_plugin(name: str, parent: Path) -> tuple[Path, str]:
    """Write the package of a new plugin; returns its folder and its method's name.

    Raises :class:`UsageError` when the name is no package name or the folder exists.
    """
    method = name.lower().replace("_", "-").removeprefix("wb-")
    package = "wb_" + method.replace("-", "_")
    if not re.fullmatch(r"wb_[a-z][a-z0-9_]*", package):
        raise UsageError(f"'{name}' cannot name a package: use letters, digits and hyphens, a letter first")
    folder = parent / package.replace("_", "-")
    if folder.exists():
        raise UsageError(f"{folder} exists; choose another name or --dir")
    words = {"METHOD": method, "PACKAGE": package, "CLASS": "".join(p.capitalize() for p in method.split("-"))}
    with new_folder(folder) as temporary:
        for template, name_in_project in TEMPLATES.items():
            text = resources.files("workbench.plugins").joinpath("templates", template).read_text(encoding="utf-8")
            for word, value in words.items():
                text = text.replace(f"@{word}@", value)
            target = temporary / name_in_project.replace("@PACKAGE@", package)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    return folder, method


def plugins_of_project(folder: Path) -> list[str]:
    """The entry points of the group ``workbench`` in a project's pyproject.toml."""
    return list(_entry_points(folder))


def pretend_installed(folder: Path, scratch: Path) -> dict[str, str]:
    """An environment in which the project counts as installed: its metadata in ``scratch``, both on the path."""
    metadata = scratch / "pretended-0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {folder.resolve().name}\nVersion: 0\n")
    lines = [f"{name} = {module}" for name, module in _entry_points(folder).items()]
    (metadata / "entry_points.txt").write_text("[workbench]\n" + "\n".join(lines) + "\n")
    roots = [str(scratch), str(folder.resolve()), str((folder / "src").resolve())]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([*roots, os.environ.get("PYTHONPATH", "")])}


def _entry_points(folder: Path) -> dict[str, str]:
    path = folder / "pyproject.toml"
    try:
        project = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"{folder}: no pyproject.toml in it; give a plugin's project folder") from None
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path}: not a TOML file: {error}") from None
    points: dict[str, str] = project.get("project", {}).get("entry-points", {}).get("workbench", {})
    return points
