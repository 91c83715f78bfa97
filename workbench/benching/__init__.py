"""Many runs: a plan of cells, carried out on any executor, resumed where it stopped, ranked."""

from __future__ import annotations

from workbench.benching.executing import bench
from workbench.benching.plan import Cell, Plan

__all__ = ["Cell", "Plan", "bench"]
