"""Choosing settings without target labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.lazy import lazily

if TYPE_CHECKING:
    from workbench.choosing.candidates import Candidate
    from workbench.choosing.grid import Choice
    from workbench.choosing.selectors import Selector

_PUBLIC = {
    "Candidate": "candidates",
    "Choice": "grid",
    "Selector": "selectors",
}

__all__ = [
    "Candidate",
    "Choice",
    "Selector",
]
__getattr__ = lazily(__name__, _PUBLIC)
