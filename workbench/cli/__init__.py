"""The command ``wb``. Every command is imported when it is called; starting imports nothing heavy."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from workbench.errors import PluginError, WbError, nearest, reason

if TYPE_CHECKING:
    from workbench.plugins.entries import CommandEntry
    from workbench.plugins.loading import Host

BUILT_IN = "workbench"
"""The plugin that registers the host's own commands."""


class State:
    """What the commands of one call share: the host, loaded once."""

    def __init__(self, debug: bool = False) -> None:
        self.debug = debug
        self._host: Host | None = None

    @property
    def host(self) -> Host:
        if self._host is None:
            from workbench.plugins.loading import load

            self._host = load()
            for plugin in self._host.broken:
                click.echo(f"wb: plugin '{plugin.name}' is left out: {plugin.problem}", err=True)
        return self._host

    def stranger(self, error: BaseException) -> str:
        """The plugin, none of ours, whose code raised ``error``; empty where there is none."""
        from traceback import walk_tb

        plugins = self._host.plugins if self._host is not None else ()
        strangers = {p.module.__name__.partition(".")[0]: p.name for p in plugins if p.module and not p.first_party}
        packages = [str(frame.f_globals.get("__name__")).partition(".")[0] for frame, _ in walk_tb(error.__traceback__)]
        return next((strangers[package] for package in reversed(packages) if package in strangers), "")


class Commands(click.Group):
    """The registered commands: ours in the order of the help, then the plugins'."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        ours, others = _commands(ctx)
        return [entry.name for entry in [*ours, *others]]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        registry = state_of(ctx).host.commands
        entry = next((entry for entry in registry if name in (entry.name, entry.qualified)), None)
        if entry is None:
            return None
        command = entry.load()
        if not isinstance(command, click.Command):
            raise PluginError(f"command '{entry.name}' of plugin '{entry.plugin}' is no click command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            known = self.list_commands(ctx)
            near = nearest(args[0], known)
            advice = f"did you mean {near}?" if near else f"there are: {', '.join(known)}"
            ctx.fail(f"no command '{args[0]}'; {advice}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, entries in zip(("Commands", "Commands of plugins"), _commands(ctx), strict=True):
            if entries:
                with formatter.section(title):
                    formatter.write_dl([(entry.name, entry.summary) for entry in entries])


def _commands(ctx: click.Context) -> tuple[list[CommandEntry], list[CommandEntry]]:
    """Ours in their order, and the plugins' by name."""
    registry = state_of(ctx).host.commands
    ours = [entry for entry in registry.as_registered() if entry.plugin == BUILT_IN]
    return ours, [entry for entry in registry if entry.plugin != BUILT_IN]


def state_of(ctx: click.Context) -> State:
    """The state of the call that ``ctx`` belongs to."""
    return ctx.ensure_object(State)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="adaptation-workbench", prog_name="wb")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def wb(ctx: click.Context, debug: bool) -> None:
    """wb, the domain-adaptation workbench.

    Move a model from the domain where labels are to the domain where they are not, and see, beside the same
    learner without adaptation, whether it helped.

    \b
      wb run scl --src wsj --tgt medline     the flagship, on embedded samples or the real corpora
      wb methods --tree                      every method in its place
      wb data list                           every data set, and what is installed
    """
    state_of(ctx).debug = debug


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``wb`` and end the process: 0 all well, 1 a failed run, 2 a call that cannot be carried out."""
    sys.exit(call(list(sys.argv[1:] if arguments is None else arguments)))


def call(arguments: list[str]) -> int:
    """Run one command line; returns its exit code. User errors end in one line on stderr."""
    debug = "--debug" in arguments
    state = State(debug)
    try:
        outcome: Any = wb.main(arguments, "wb", complete_var="_WB_COMPLETE", standalone_mode=False, obj=state)
        return outcome if isinstance(outcome, int) else 0
    except WbError as error:
        if debug:
            raise
        return _fail(str(error), error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.ClickException as error:
        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "wb"
        return _fail(f"{error.format_message()} (see '{where} --help')", error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return _fail("stopped; nothing that was saved is lost", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except MemoryError:
        return _fail("out of memory; give less data (--source-size) or close other programs", 1)
    except (Exception, SystemExit) as error:
        plugin = state.stranger(error)
        if debug or (isinstance(error, SystemExit) and not plugin):
            raise
        whose = f" in plugin '{plugin}'" if plugin else ""
        author = " to its author" if plugin else ""
        return _fail(f"unexpected {reason(error)}{whose}; repeat with --debug and report it{author}", 1)


def _fail(message: str, code: int) -> int:
    click.echo("wb: " + " ".join(message.split()), err=True)
    return code
