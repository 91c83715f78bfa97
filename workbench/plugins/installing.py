"""Bringing plugins into the environment that wb runs in, by its own pip."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from workbench import environment
from workbench.errors import UsageError, WbError
from workbench.plugins.loading import Host
from workbench.plugins.preferences import canonical

STDERR = 2
"""The descriptor: pip talks while it works, also where Python's ``sys.stderr`` is no file."""


def pip(arguments: list[str]) -> None:
    """Run pip in wb's own environment, its words on stderr. Raises :class:`WbError` with pip's last one."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments],
        stderr=subprocess.PIPE,
        stdout=STDERR,
        text=True,
        check=False,
    )
    if done.returncode:
        if "No module named pip" in done.stderr:
            raise WbError(f"this environment has no pip; run: {sys.executable} -m ensurepip, then again")
        lines = [line for line in done.stderr.strip().splitlines() if line.strip()]
        raise WbError(f"pip {arguments[0]} failed: {lines[-1] if lines else 'no message'}")


def absolute(arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Pip's arguments with every path that exists made absolute, so that they mean the same from anywhere."""
    absolutes = []
    for argument in arguments:
        place, bracket, extras = argument.partition("[")
        exists = not argument.startswith("-") and Path(place).expanduser().exists()
        absolutes.append(os.path.abspath(Path(place).expanduser()) + bracket + extras if exists else argument)
    return tuple(absolutes)


def plugins_now() -> list[dict[str, Any]]:
    """The rows of ``wb plugins list`` as a new process sees them, after the environment has changed."""
    listing = subprocess.run(
        [sys.executable, "-P", "-m", "workbench", "plugins", "list", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    rows: list[dict[str, Any]] = json.loads(listing.stdout or "[]")
    return rows


def distribution_of(name: str, host: Host) -> str:
    """The installed distribution that a user means by its own name or that of a plugin.

    Raises :class:`UsageError` where nothing of that name is installed, and for wb itself.
    """
    wanted = next((p.distribution for p in host.plugins if p.name == name and p.distribution), name)
    if canonical(wanted) == environment.NAME:
        advice = f"'wb plugins disable {name}' leaves a plugin of it out" if wanted != name else "pip removes it"
        raise UsageError(f"'{name}' belongs to {environment.NAME}, wb itself; {advice}")
    try:
        return importlib.metadata.distribution(wanted).name
    except importlib.metadata.PackageNotFoundError:
        raise UsageError(f"nothing to uninstall: '{name}' is not installed; see 'wb plugins list'") from None
