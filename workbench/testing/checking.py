"""One check: what it is of, whether it passed, what was found."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from workbench.errors import reason

Step = Callable[[], None]
"""Carries a check out: returns where it passes, raises :class:`Failed` with what was found."""


@dataclass(frozen=True)
class Check:
    """One check of one registered thing: its name, whether it passed, what was found, how long it took."""

    subject: str
    name: str
    passed: bool
    detail: str = ""
    seconds: float = 0.0


class Failed(AssertionError):
    """A check's finding."""


def run(subject: str, name: str, step: Step) -> Check:
    """Carry one check out; whatever is raised is its finding."""
    start = time.perf_counter()
    detail = ""
    try:
        step()
    except Failed as failure:
        detail = str(failure)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        detail = reason(error)
    return Check(subject, name, not detail, detail, time.perf_counter() - start)


def run_all(subject: str, first: tuple[str, Step], *others: tuple[str, Step]) -> list[Check]:
    """Carry checks out in order; where the first fails the others would say nothing, and are left out."""
    contract = run(subject, *first)
    return [contract, *(run(subject, *other) for other in others)] if contract.passed else [contract]


def require(holds: object, otherwise: str) -> None:
    """Raises :class:`Failed` with ``otherwise`` where ``holds`` is false."""
    if not holds:
        raise Failed(otherwise)
