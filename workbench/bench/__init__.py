"""Many runs: a plan of cells, carried out on any executor, resumed where it stopped, ranked."""

from workbench.bench.executing import bench
from workbench.bench.plan import Cell, Plan

__all__ = ["Cell", "Plan", "bench"]
