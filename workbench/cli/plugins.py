"""``wb plugins``: what is plugged in, and tools for people who write plugins."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli import BUILT_IN, state_of
from workbench.errors import UnknownName, UsageError, WbError
from workbench.plugins.scaffold import TRIALS

if TYPE_CHECKING:
    from workbench.plugins.loading import Host, Plugin
    from workbench.testing.checking import Check


@click.group()
def plugins() -> None:
    """List, install, write, check and switch off plugins."""


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
            state = "disabled" if row["disabled"] else f"BROKEN: {row['problem']}" if row["problem"] else ""
            click.echo(f"{row['name']}  {row['distribution']} {row['version']}  {state}".rstrip())
            for kind, names in row["registers"].items():
                click.echo(f"  {kind:11} {', '.join(names)}")
    for clash in host.clashes:
        click.echo(f"note: {clash}", err=True)


def _row(plugin: Plugin, host: Host) -> dict[str, Any]:
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "problem": plugin.problem,
        "disabled": plugin.disabled,
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
    """Install plugins into the environment that wb runs in; options are handed to pip.

    What is installed this way is remembered for 'wb plugins restore'.
    """
    from workbench.plugins import installing, preferences

    before = {plugin.name for plugin in state_of(ctx).host.plugins}
    given = installing.absolute(arguments)
    installing.pip(["install", *given])
    preferences.read().add(given).write()
    new = [row["name"] for row in installing.plugins_now() if row["name"] not in before]
    click.echo(f"new plugins: {', '.join(new)}" if new else "no new plugin; see 'wb plugins list'")


@plugins.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.pass_context
def uninstall(ctx: click.Context, names: tuple[str, ...], yes: bool) -> None:
    """Uninstall plugins, or the distributions that bring them, from the environment that wb runs in."""
    from workbench.plugins import installing, preferences

    distributions = list(dict.fromkeys(installing.distribution_of(name, state_of(ctx).host) for name in names))
    if not yes and not click.confirm(f"uninstall {', '.join(distributions)}?", err=True):
        click.echo("nothing uninstalled")
        return
    installing.pip(["uninstall", "-y", *distributions])
    remembered = preferences.read()
    for name in distributions:
        remembered = remembered.forget(name)
    remembered.write()
    click.echo(f"uninstalled {', '.join(distributions)}")


@plugins.command()
def restore() -> int:
    """Install again what was installed by 'wb plugins install', e.g. after an upgrade of wb or of Python."""
    from workbench.plugins import installing, preferences

    remembered = preferences.read().installed
    if not remembered:
        click.echo("nothing to restore: nothing was installed by 'wb plugins install'")
    failed = 0
    for arguments in remembered:
        try:
            installing.pip(["install", *arguments])
            click.echo(f"restored {' '.join(arguments)}")
        except WbError as error:
            failed += 1
            click.echo(f"not restored {' '.join(arguments)}: {error}", err=True)
    return int(failed > 0)


@plugins.command()
@click.argument("names", nargs=-1, required=True)
@click.pass_context
def disable(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Leave plugins out from now on, without uninstalling them."""
    from workbench.plugins import preferences

    known = [plugin.name for plugin in state_of(ctx).host.plugins if plugin.name != BUILT_IN]
    remembered = preferences.read()
    for name in names:
        if name not in known:
            raise UnknownName("plugin", name, known, hint=f"there are: {', '.join(known)}")
        remembered = remembered.disable(name)
    remembered.write()
    for name in names:
        click.echo(f"'{name}' is disabled; 'wb plugins enable {name}' brings it back")


@plugins.command()
@click.argument("names", nargs=-1, required=True)
def enable(names: tuple[str, ...]) -> None:
    """Take plugins in again that were disabled."""
    from workbench.plugins import preferences

    remembered = before = preferences.read()
    for name in names:
        if name not in before.disabled:
            raise UsageError(f"'{name}' is not disabled; disabled are: {', '.join(before.disabled) or 'none'}")
        remembered = remembered.enable(name)
    remembered.write()
    for name in names:
        click.echo(f"'{name}' is enabled")


@plugins.command()
@click.argument("name")
@click.option("--kind", type=click.Choice([*TRIALS]), default="method", show_default=True, help="What it registers.")
@click.option("--dir", "parent", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Where.")
def new(name: str, kind: str, parent: Path) -> None:
    """Write a small plugin package with its test: it installs, runs and passes at once."""
    from workbench.plugins.scaffold import write_plugin

    written = write_plugin(name, parent, kind)
    click.echo(f"wrote {written.folder}; next:")
    click.echo(f"  wb plugins install -e '{written.folder}[test]'")
    click.echo(f"  {written.trial}")
    click.echo(f"  wb plugins check {written.folder}")


@plugins.command()
@click.argument("what", metavar="PATH|PACKAGE", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def check(ctx: click.Context, what: tuple[str, ...], as_json: bool) -> int:
    """Run the conformance kit on a plugin: a project's folder, a wheel, an installed plugin or distribution."""
    from workbench.plugins.projects import is_project

    if len(what) == 1 and is_project(Path(what[0])):
        return _check_project(Path(what[0]), as_json)
    host = state_of(ctx).host
    checks = [check for name in what for check in _check_installed(name, host)]
    _show(checks, as_json)
    return int(any(not check.passed for check in checks))


def _check_installed(name: str, host: Host) -> list[Check]:
    from workbench.plugins.preferences import canonical
    from workbench.testing import kit

    chosen = [p for p in host.plugins if p.name == name or canonical(p.distribution) == canonical(name)]
    if not chosen:
        known = ", ".join(plugin.name for plugin in host.plugins)
        raise UsageError(f"no plugin '{name}'; installed are: {known}; or give a project's folder or a wheel")
    return [check for plugin in chosen for check in kit.check_plugin(plugin.name, host)]


def _show(checks: list[Check], as_json: bool) -> None:
    from workbench.report import terminal

    if as_json:
        click.echo(json.dumps([vars(check) for check in checks], indent=1))
        return
    rows = [[c.subject, c.name, "pass" if c.passed else "FAIL", f"{c.seconds:.1f} s", c.detail] for c in checks]
    click.echo(terminal.table(["of", "check", "", "time", "found"], rows, left=5))
    failed = sum(not check.passed for check in checks)
    click.echo(f"\n{len(checks) - failed} passed, {failed} failed")


def _check_project(path: Path, as_json: bool) -> int:
    """Check a folder or wheel in a process that sees it as installed, in place of what is."""
    import tempfile

    from workbench.plugins import projects

    with tempfile.TemporaryDirectory(prefix="wb-check-") as scratch:
        project = projects.opened(path, Path(scratch))
        options = ["--json"] if as_json else []
        arguments = [sys.executable, "-P", "-m", "workbench", "plugins", "check", *project.plugins, *options]
        return subprocess.run(arguments, env=project.environment(), check=False).returncode
