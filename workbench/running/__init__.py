"""One run, from its specification to its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.lazy import lazily

if TYPE_CHECKING:
    from workbench.running.execution import execute, run
    from workbench.running.outcome import Outcome
    from workbench.running.records import Record
    from workbench.running.specification import Specification

_PUBLIC = {
    "Record": "records",
    "Outcome": "outcome",
    "Specification": "specification",
    "execute": "execution",
    "run": "execution",
}

__all__ = [
    "Outcome",
    "Record",
    "Specification",
    "execute",
    "run",
]
__getattr__ = lazily(__name__, _PUBLIC)
