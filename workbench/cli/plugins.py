"""``wb plugins``: what is plugged in, and tools for people who write plugins."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli import state_of
from workbench.errors import UsageError, WbError

if TYPE_CHECKING:
    from workbench.plugins.loading import Host

OWN = "adaptation-workbench"


@click.group()
def plugins() -> None:
    """List, install, write and check plugins."""


@plugins.command("list")
@click.option("--hooks", is_flag=True, help="List every hook, what it is for and who implements it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def list_plugins(ctx: click.Context, hooks: bool, as_json: bool) -> None:
    """Every plugin, what it registers, and the broken ones with their reason."""
    host = state_of(ctx).host
    rows = [_row(plugin, host) for plugin in host.plugins]
    if as_json:
        click.echo(json.dumps(rows, indent=1))
    elif hooks:
        click.echo("\n".join(_hooks(host)))
    else:
        for row in rows:
            state = f"BROKEN: {row['problem']}" if row["problem"] else ""
            click.echo(f"{row['name']}  {row['distribution']} {row['version']}  {state}".rstrip())
            for kind, names in row["registers"].items():
                click.echo(f"  {kind:11} {', '.join(names)}")


def _row(plugin: Any, host: Host) -> dict[str, Any]:
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "problem": plugin.problem,
        "hooks": list(plugin.hooks),
        "registers": host.registries.of_plugin(plugin.name),
    }


def _hooks(host: Host) -> list[str]:
    from workbench.plugins import hookspecs
    from workbench.plugins.loading import HOOKS

    lines = []
    for name in HOOKS:
        users = ", ".join(plugin.name for plugin in host.plugins if name in plugin.hooks) or "nobody"
        text = inspect.getdoc(getattr(hookspecs, name)) or ""
        lines += [f"{name}(register)", f"  {text.splitlines()[0]}", f"  implemented by {users}"]
    return lines


@plugins.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, required=True, metavar="NAME|PATH...")
@click.pass_context
def install(ctx: click.Context, arguments: tuple[str, ...]) -> None:
    """Install plugins into the environment that wb runs in; options are handed to pip."""
    before = {plugin.name for plugin in state_of(ctx).host.plugins}
    _pip(["install", *arguments])
    listing = subprocess.run(
        [sys.executable, "-m", "workbench", "plugins", "list", "--json"], capture_output=True, text=True, check=False
    )
    new = [row["name"] for row in json.loads(listing.stdout or "[]") if row["name"] not in before]
    click.echo(f"new plugins: {', '.join(new)}" if new else "no new plugin; see 'wb plugins list'")


@plugins.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
def uninstall(names: tuple[str, ...], yes: bool) -> None:
    """Uninstall plugins from the environment that wb runs in."""
    if any(name.lower().replace("_", "-") == OWN for name in names):
        raise UsageError(f"'{OWN}' is wb itself; remove it with pip if you mean it")
    if yes or click.confirm(f"uninstall {', '.join(names)}?", err=True):
        _pip(["uninstall", "-y", *names])


def _pip(arguments: list[str]) -> None:
    """Run pip in wb's own environment. Raises :class:`WbError` with pip's last word."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments],
        stderr=subprocess.PIPE,
        stdout=sys.stderr,
        text=True,
        check=False,
    )
    if done.returncode:
        if "No module named pip" in done.stderr:
            raise WbError(f"this environment has no pip; run: {sys.executable} -m ensurepip, then again")
        lines = [line for line in done.stderr.strip().splitlines() if line.strip()]
        raise WbError(f"pip {arguments[0]} failed: {lines[-1] if lines else 'no message'}")


@plugins.command()
@click.argument("name")
@click.option("--dir", "parent", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Where.")
def new(name: str, parent: Path) -> None:
    """Write a small plugin package with one method and its test: it installs, runs and passes at once."""
    from workbench.plugins.scaffold import write_plugin

    folder, method = write_plugin(name, parent)
    click.echo(f"wrote {folder}")
    click.echo(f"  wb plugins install -e {folder}")
    click.echo(f"  wb run {method} --src shift/covariate-source --tgt shift/covariate-target")
    click.echo(f"  wb plugins check {folder}")


@plugins.command()
@click.argument("what", metavar="PATH|PACKAGE")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def check(ctx: click.Context, what: str, as_json: bool) -> int:
    """Run the conformance kit on a plugin: a project folder, an installed plugin or distribution."""
    from workbench.plugins.scaffold import plugins_of_project
    from workbench.report import terminal
    from workbench.testing import kit

    host = state_of(ctx).host
    names = plugins_of_project(Path(what)) if Path(what).is_dir() else [what]
    found = [p for p in host.plugins if p.name in names or p.distribution.lower() == what.lower()]
    if not found and Path(what).is_dir():
        return _check_uninstalled(Path(what), as_json)
    if not found:
        known = ", ".join(plugin.name for plugin in host.plugins)
        raise UsageError(f"no plugin '{what}'; installed are: {known}; or give the folder of a project")
    checks = []
    for plugin in found:
        if plugin.broken:
            checks.append(kit.Check(plugin.name, "loads", False, plugin.problem))
        else:
            checks += kit.check_plugin(plugin.name, host)
    if as_json:
        click.echo(json.dumps([vars(item) for item in checks], indent=1))
    else:
        rows = [[c.subject, c.name, "pass" if c.passed else "FAIL", f"{c.seconds:.1f} s", c.detail] for c in checks]
        click.echo(terminal.table(["plugin or method", "check", "", "time", "found"], rows, left=5))
        failed = sum(not c.passed for c in checks)
        click.echo(f"\n{len(checks) - failed} passed, {failed} failed")
    return int(any(not c.passed for c in checks))


def _check_uninstalled(folder: Path, as_json: bool) -> int:
    """Check a project that is not installed: in a process that sees it as if it were."""
    import tempfile

    from workbench.plugins.scaffold import pretend_installed

    with tempfile.TemporaryDirectory() as name:
        environment = pretend_installed(folder, Path(name))
        names = plugins_checked(folder)
        arguments = [sys.executable, "-m", "workbench", "plugins", "check", names[0], *(["--json"] if as_json else [])]
        return subprocess.run(arguments, env=environment, check=False).returncode


def plugins_checked(folder: Path) -> list[str]:
    """The plugins of a project; raises :class:`UsageError` when it has none."""
    from workbench.plugins.scaffold import plugins_of_project

    names = plugins_of_project(folder)
    if not names:
        raise UsageError(f"{folder}: its pyproject.toml has no entry points of the group 'workbench'")
    return names
