"""``wb doctor``: what is installed, where things lie, what is broken."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
from pathlib import Path
from typing import Any

import click

from workbench.cli import state_of

EXTRAS = ("plots", "text", "deep")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Versions, extras, folders, and plugins that are left out."""
    from workbench import environment

    host = state_of(ctx).host
    found: dict[str, Any] = {
        "versions": environment.versions(),
        "extras": {extra: _missing(extra) for extra in EXTRAS},
        "folders": {
            "data (WB_DATA)": _folder(environment.data_folder()),
            "runs (WB_RUNS)": _folder(environment.runs_folder()),
            "cache (WB_CACHE)": _folder(environment.cache_folder()),
        },
        "mirror": environment.mirror(),
        "plugins": {plugin.name: plugin.problem or "ok" for plugin in host.plugins},
    }
    if as_json:
        click.echo(json.dumps(found, indent=1))
        return
    for title in ("versions", "folders", "plugins"):
        click.echo(title)
        for name, value in found[title].items():
            click.echo(f"  {name:22} {value}")
    click.echo("extras")
    for extra, missing in found["extras"].items():
        advice = f"missing {', '.join(missing)}; run: pip install 'adaptation-workbench[{extra}]'"
        click.echo(f"  {extra:22} {advice if missing else 'complete'}")
    click.echo(f"mirror (WB_MIRROR)       {found['mirror'] or 'none'}")


def _missing(extra: str) -> list[str]:
    """The packages of an extra that are not installed."""
    try:
        requirements = importlib.metadata.requires("adaptation-workbench") or []
    except importlib.metadata.PackageNotFoundError:
        return []
    missing = []
    for requirement in requirements:
        name = re.match(r"[A-Za-z0-9._-]+", requirement)
        if name and re.search(rf"extra\s*==\s*['\"]{extra}['\"]", requirement):
            try:
                importlib.metadata.version(name[0])
            except importlib.metadata.PackageNotFoundError:
                missing.append(name[0])
    return missing


def _folder(path: Path) -> str:
    existing = next(p for p in (path, *path.parents) if p.exists())
    state = "" if os.access(existing, os.W_OK) else "  NOT WRITABLE: choose another by the variable"
    return f"{path}{'' if path.exists() else ' (not there yet)'}{state}"
