"""How much memory there is, and what a fit would need: said in one line before it begins, not found out by a crash."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench import environment
from workbench.errors import UsageError

UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}

DOUBLE = 8
"""Bytes of a number."""


@dataclass(frozen=True)
class Need:
    """The largest thing that a fit would hold, and what is taken where there is no room for it.

    Attributes
    ----------
    what : str
        E.g. ``"the whole kernel of 12,000 examples"``.
    size : int
        Bytes of the fit's peak beyond the data.
    instead : mapping
        Settings that do without it; empty where there are none.
    chosen : str
        What these settings mean, e.g. ``"1,000 Nyström landmarks stand for it (--landmarks)"``; or, where there are
        none, what the user can do.
    most : int, optional
        Bytes beyond which ``instead`` is taken whatever room there is, since the fit would take too long.
    """

    what: str
    size: int
    instead: Mapping[str, Any] = field(default_factory=dict)
    chosen: str = ""
    most: int | None = None


def exceeded(need: Need | None, room: int) -> str:
    """The line that says what would be needed and what is chosen instead; empty where all fits.

    Raises :class:`UsageError`, with the same line, where nothing can be chosen.
    """
    if need is None or (need.size <= room and (need.most is None or need.size <= need.most)):
        return ""
    most = size_in_words(need.most or 0)
    limit = f"{size_in_words(room)} are free" if need.size > room else f"it is taken up to {most}"
    line = f"{need.what} would need {size_in_words(need.size)}, {limit}: {need.chosen}"
    if not need.instead:
        raise UsageError(line)
    return line


def free() -> int:
    """Bytes that a fit may take: ``WB_MEMORY`` where it is set, e.g. ``4GB``, else what the system has free."""
    given = environment.memory()
    return parsed(given) if given else _available()


def parsed(text: str) -> int:
    """``"500MB"`` in bytes; raises :class:`UsageError`."""
    matched = re.fullmatch(r"\s*([0-9.]+)\s*([KMGT]?B?)\s*", text, re.IGNORECASE)
    unit = matched.group(2).upper() if matched else ""
    unit += "B" if unit in ("K", "M", "G", "T") else ""
    try:
        return int(float(matched.group(1)) * UNITS[unit])  # type: ignore[union-attr]
    except (AttributeError, ValueError, KeyError):
        raise UsageError(f"WB_MEMORY '{text}' is not a size; give e.g. 4GB or 500MB") from None


def size_in_words(size: float) -> str:
    """Bytes for people: ``"1.2 GB"``, or ``"35 MB"`` below a GB."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.3g} MB"


def _available() -> int:
    """The least of what the machine has free and what a control group leaves of its limit."""
    limits = [value for value in (_machine(), _group()) if value is not None]
    return min(limits) if limits else 2**63 - 1


def _machine() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, ValueError, StopIteration):
        return None


def _group() -> int | None:
    folder = Path("/sys/fs/cgroup")
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        try:
            return int((folder / limit).read_text()) - int((folder / used).read_text())
        except (OSError, ValueError):  # no such group, or no limit ("max")
            continue
    return None
