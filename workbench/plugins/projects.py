"""Plugins that are not installed: what a project's folder or a wheel registers, and a process that sees it."""

from __future__ import annotations

import importlib.metadata
import os
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.errors import DataError, UsageError
from workbench.plugins.hookspecs import GROUP
from workbench.plugins.preferences import canonical


@dataclass(frozen=True)
class Project:
    """The plugins of one project, and where Python finds them."""

    plugins: tuple[str, ...]
    roots: tuple[Path, ...]

    def environment(self) -> dict[str, str]:
        """The environment of a process in which the project counts as installed, in place of an installed one."""
        paths = [*map(str, self.roots), *filter(None, [os.environ.get("PYTHONPATH")])]
        return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def is_project(path: Path) -> bool:
    """Whether a path is a wheel or the folder of a Python project."""
    return (path.suffix == ".whl" and path.is_file()) or (path / "pyproject.toml").is_file()


def opened(path: Path, scratch: Path) -> Project:
    """The project behind a path; what it needs to count as installed is written into the empty folder ``scratch``.

    Raises :class:`UsageError` where it holds no plugin, :class:`DataError` where it cannot be read.
    """
    project = _wheel(path, scratch) if path.suffix == ".whl" else _folder(path.resolve(), scratch)
    if not project.plugins:
        raise UsageError(f"{path}: has no entry points of the group '{GROUP}', so it holds no plugin")
    return project


def _wheel(path: Path, scratch: Path) -> Project:
    try:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(scratch)
    except (zipfile.BadZipFile, OSError) as error:
        raise DataError(f"{path}: not a wheel ({error}); build it again") from None
    distributions = importlib.metadata.distributions(path=[str(scratch)])
    points = [point for distribution in distributions for point in distribution.entry_points]
    return Project(tuple(point.name for point in points if point.group == GROUP), (scratch,))


def _folder(folder: Path, scratch: Path) -> Project:
    about = _pyproject(folder / "pyproject.toml")
    name = canonical(str(about.get("name", folder.name)))
    points: dict[str, str] = about.get("entry-points", {}).get(GROUP, {})
    metadata = scratch / f"{name.replace('-', '_')}-{about.get('version', '0')}.dist-info"
    metadata.mkdir()
    words = f"Metadata-Version: 2.1\nName: {name}\nVersion: {about.get('version', '0')}\n"
    (metadata / "METADATA").write_text(words, encoding="utf-8")
    lines = [f"[{GROUP}]", *(f"{point} = {module}" for point, module in points.items())]
    (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Project(tuple(points), (scratch, folder, folder / "src"))


def _pyproject(path: Path) -> dict[str, Any]:
    """The table ``project`` of a pyproject.toml."""
    try:
        project: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")).get("project", {})
        return project
    except FileNotFoundError:
        raise UsageError(f"{path.parent}: no pyproject.toml in it; give a plugin's project folder") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: not a TOML file: {error}") from None
