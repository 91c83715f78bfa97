"""How long a search may take, how much of that is left, and what ends a fit that takes longer."""

from __future__ import annotations

import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from workbench.errors import UsageError, WbError

UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}

SHORTEST = 0.05
"""Seconds that an alarm is set to at least: one of 0 would be none."""

AGAIN = 1.0
"""Seconds after which an alarm rings again, where a library took the first for an error of its own."""


class TimeIsUp(WbError):
    """What was begun takes longer than there is time."""

    def __init__(self) -> None:
        super().__init__("there was no time for it")


class Budget:
    """Seconds for a whole search, counted from when it was made.

    ``now`` is the clock, which tests turn by hand.
    """

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self.seconds, self.now = seconds, now
        self._start = now()

    @property
    def spent(self) -> float:
        return self.now() - self._start

    @property
    def left(self) -> float:
        return self.seconds - self.spent

    @contextmanager
    def limit(self, reserve: float = 0.0) -> Iterator[None]:
        """End the block by :class:`TimeIsUp` when no more than ``reserve`` seconds are left.

        It ends between two steps of Python: one long call of a compiled library is waited for. Where the system has no
        alarm (Windows), and outside the main thread, nothing ends it.
        """
        if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGALRM, _ring)
        signal.setitimer(signal.ITIMER_REAL, max(SHORTEST, self.left - reserve), AGAIN)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


def _ring(number: int, frame: FrameType | None) -> None:
    raise TimeIsUp


def seconds_of(text: str) -> float:
    """``"30s"``, ``"10m"`` or ``"1h"`` in seconds; a number alone is seconds. Raises :class:`UsageError`."""
    matched = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smh]?)\s*", text.lower())
    seconds = float(matched.group(1)) * UNITS[matched.group(2) or "s"] if matched else 0.0
    if seconds <= 0:
        raise UsageError(f"'{text}' is no time; give e.g. --budget 30s, 10m or 1h")
    return seconds


def in_words(seconds: float) -> str:
    """Seconds for people: ``"0.4 s"``, ``"12 s"``, ``"3 min 20 s"``, ``"2 h 5 min"``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
