"""The errors that a user can mend: one line that says what, where and what to do.

Everything that is not a :class:`WbError` is a bug of ours or of a plugin.
"""

from __future__ import annotations

from collections.abc import Iterable


class WbError(Exception):
    """A failure with one clear line for the user; ``exit_code`` is what the command ends with."""

    exit_code = 1


class UsageError(WbError):
    """What was asked for cannot be done as it was written (exit code 2)."""

    exit_code = 2


class UnknownName(UsageError):
    """A name that nobody registered; the message offers the nearest ones."""

    def __init__(self, kind: str, name: str, known: Iterable[str], hint: str = "") -> None:
        self.kind, self.name = kind, name
        near = nearest(name, known)
        advice = f"did you mean {near}?" if near else hint
        super().__init__(f"no {kind} '{name}'" + (f"; {advice}" if advice else ""))


class DataError(WbError):
    """A data file that cannot be read as what it should be; names the file and, if known, the line."""


class NotInstalled(WbError):
    """A data set or an extra that is not on this machine; names the command that brings it."""


class PluginError(WbError):
    """A plugin's fault: the line names the plugin, so that its author is told and not us."""


class LabelsWithheld(WbError):
    """A method asked for labels that it must not see."""

    def __init__(self, domain: str) -> None:
        super().__init__(
            f"the labels of '{domain}' are withheld: a method adapts without target labels; only the scorer, "
            "after the prediction, reads them (use problem.shots for the few that --shots gives)"
        )


def reason(error: BaseException) -> str:
    """One line for any exception, also for one that cannot be printed."""
    kind = type(error).__name__
    try:
        text = " ".join(str(error).split())
    except BaseException:
        return f"{kind}, whose message cannot be printed"
    return f"{kind}: {text}" if text else kind


def nearest(name: str, known: Iterable[str]) -> str:
    """The registered names nearest to ``name``, as words for a sentence; empty when none is near."""
    import difflib

    matches = difflib.get_close_matches(name, list(dict.fromkeys(known)), n=3, cutoff=0.6)
    if len(matches) < 2:
        return "".join(matches)
    return ", ".join(matches[:-1]) + " or " + matches[-1]
