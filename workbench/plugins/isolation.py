"""Keeping a plugin's failure to itself: it is told in one line, with the plugin's name, and the others go on."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from workbench.errors import PluginError, WbError, reason
from workbench.plugins.entries import Entry


@contextmanager
def isolated(entry: Entry, tell: Callable[[str], None]) -> Iterator[None]:
    """Carry out a block in which only the plugin of ``entry`` is at work; its failure is one line for ``tell``.

    An error that the user can mend (:class:`WbError`) is told in its own words; every other names the plugin. Only the
    user's own interrupt goes through::

        for entry in host.figures:
            with isolated(entry, notices.append):
                entry.load()().draw(record, path, host)
    """
    try:
        with user_interrupts():
            yield
    except KeyboardInterrupt:
        raise
    except PluginError as error:
        tell(f"{error}; it is left out")
    except WbError as error:
        tell(f"{entry.kind} '{entry.name}': {error}")
    except BaseException as error:
        tell(f"{entry.kind} '{entry.name}' of plugin '{entry.plugin}' failed: {reason(error)}; it is left out")


class Interrupted(BaseException):
    """A plugin's own ``KeyboardInterrupt``, told apart from the user's."""


@contextmanager
def user_interrupts() -> Iterator[None]:
    """A block in which ``KeyboardInterrupt`` is the user's Ctrl-C alone: one that code raises by itself is turned into
    :class:`Interrupted`.

    Signals reach the main thread only; in any other thread none is the user's.
    """
    pressed: list[int] = []
    previous = signal.getsignal(signal.SIGINT)

    def note(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        if callable(previous):
            previous(number, frame)

    ours = threading.current_thread() is threading.main_thread() and callable(previous)
    if ours:
        signal.signal(signal.SIGINT, note)
    try:
        yield
    except KeyboardInterrupt as error:
        if pressed:
            raise
        raise Interrupted(str(error) or "KeyboardInterrupt") from error
    finally:
        if ours:
            signal.signal(signal.SIGINT, previous)
