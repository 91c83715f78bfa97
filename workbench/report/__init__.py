"""What people see of a run: terminal tables and self-contained HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.lazy import lazily

if TYPE_CHECKING:
    from workbench.report.figure import Figure

_PUBLIC = {
    "Figure": "figure",
}

__all__ = [
    "Figure",
]
__getattr__ = lazily(__name__, _PUBLIC)
