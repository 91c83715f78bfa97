"""Many runs: a plan of cells, carried out on any executor, resumed where it stopped, ranked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.lazy import lazily

if TYPE_CHECKING:
    from workbench.benching.executing import bench
    from workbench.benching.plan import Cell, Plan

_PUBLIC = {
    "Cell": "plan",
    "Plan": "plan",
    "bench": "executing",
}

__all__ = [
    "Cell",
    "Plan",
    "bench",
]
__getattr__ = lazily(__name__, _PUBLIC)
