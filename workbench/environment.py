"""Where things lie on this machine, read when asked: folders, the mirror, peak memory, versions."""

from __future__ import annotations

import os
import sys
from pathlib import Path

NAME = "adaptation-workbench"


def data_folder() -> Path:
    """Downloaded data sets: ``WB_DATA``, else the platform's data folder."""
    return _folder("WB_DATA", "user_data_path", "data")


def runs_folder() -> Path:
    """Records of runs: ``WB_RUNS``, else the platform's data folder."""
    return _folder("WB_RUNS", "user_data_path", "runs")


def cache_folder() -> Path:
    """What can be made again at any time: ``WB_CACHE``, else the platform's cache folder."""
    return _folder("WB_CACHE", "user_cache_path", "")


def config_folder() -> Path:
    """What the user decided once for all, e.g. about plugins: ``WB_CONFIG``, else the platform's place for it."""
    return _folder("WB_CONFIG", "user_config_path", "")


def mirror() -> str:
    """A folder or URL that is asked for files first: ``WB_MIRROR``, or nothing."""
    return os.environ.get("WB_MIRROR", "")


def memory() -> str:
    """How much memory a fit may take: ``WB_MEMORY``, e.g. ``4GB``, or nothing for what the system has free."""
    return os.environ.get("WB_MEMORY", "")


def peak_memory_mb() -> float:
    """The largest resident size of this process so far, in MB (10⁶ bytes)."""
    import resource

    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 1e6 if sys.platform == "darwin" else size * 1024 / 1e6


def versions() -> dict[str, str]:
    """Versions of Python, wb and the installed packages that decide figures."""
    import importlib.metadata
    import platform

    known = {"python": platform.python_version(), "platform": platform.platform()}
    for package in (NAME, "numpy", "scipy", "scikit-learn", "numba", "torch", "transformers", "spacy"):
        try:
            known[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return known


def extras(distribution: str) -> dict[str, list[str]]:
    """What each extra of an installed distribution still needs, e.g. ``{"deep": ["torch>=2.4"], "plots": []}``."""
    import importlib.metadata

    try:
        metadata = importlib.metadata.distribution(distribution).metadata
    except importlib.metadata.PackageNotFoundError:
        return {}
    return {extra: _missing(distribution, extra) for extra in sorted(metadata.get_all("Provides-Extra") or ())}


def _missing(distribution: str, extra: str) -> list[str]:
    """The requirements of an extra that are not installed, or in another version; those of an extra of its own too."""
    import importlib.metadata

    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    missing = []
    for text in importlib.metadata.requires(distribution) or ():
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or not marker.evaluate({"extra": extra}) or marker.evaluate({"extra": ""}):
            continue  # not of this extra, or needed without any
        if canonicalize_name(requirement.name) == canonicalize_name(distribution):
            others = sorted(requirement.extras - {extra})
            missing += [lacking for other in others for lacking in _missing(distribution, other)]
            continue
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(f"{requirement.name}{requirement.specifier}")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            missing.append(f"{requirement.name}{requirement.specifier} (installed: {version})")
    return list(dict.fromkeys(missing))


def _folder(variable: str, kind: str, leaf: str) -> Path:
    given = os.environ.get(variable)
    if given:
        return Path(given).expanduser()
    import platformdirs

    base: Path = getattr(platformdirs, kind)(NAME, appauthor=False)
    return base / leaf if leaf else base
