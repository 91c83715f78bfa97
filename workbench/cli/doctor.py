"""``wb doctor``: what is installed, where things lie, what is broken."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click

from workbench.cli import state_of


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Versions, extras, folders, and plugins that are left out."""
    from workbench import environment

    host = state_of(ctx).host
    distributions = sorted({environment.NAME, *(plugin.distribution for plugin in host.plugins if plugin.distribution)})
    state: dict[str, Any] = {
        "versions": environment.versions(),
        "extras": {name: lacking for name in distributions if (lacking := environment.extras(name))},
        "folders": {
            "data (WB_DATA)": _folder(environment.data_folder()),
            "runs (WB_RUNS)": _folder(environment.runs_folder()),
            "cache (WB_CACHE)": _folder(environment.cache_folder()),
            "config (WB_CONFIG)": _folder(environment.config_folder()),
        },
        "mirror": environment.mirror(),
        "plugins": {p.name: p.problem or ("disabled" if p.disabled else "ok") for p in host.plugins},
        "clashes": [str(clash) for clash in host.clashes],
    }
    if as_json:
        click.echo(json.dumps(state, indent=1))
        return
    for title in ("versions", "folders", "plugins"):
        click.echo(title)
        for name, value in state[title].items():
            click.echo(f"  {name:22} {value}")
    for clash in state["clashes"]:
        click.echo(f"  note: {clash}")
    for distribution, extras in state["extras"].items():
        click.echo(f"extras of {distribution}")
        for extra, missing in extras.items():
            advice = f"missing {', '.join(missing)}; run: pip install '{distribution}[{extra}]'"
            click.echo(f"  {extra:22} {advice if missing else 'complete'}")
    click.echo(f"mirror (WB_MIRROR)       {state['mirror'] or 'none'}")


def _folder(path: Path) -> str:
    existing = next(p for p in (path, *path.parents) if p.exists())
    state = "" if os.access(existing, os.W_OK) else "  NOT WRITABLE: choose another by the variable"
    return f"{path}{'' if path.exists() else ' (not there yet)'}{state}"
