"""Carrying a plan out: each cell an ordinary record, each result written the moment it is there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from workbench import environment
from workbench.benching.bench_result import BenchResult
from workbench.benching.cell_result import CellResult
from workbench.benching.collections import collection
from workbench.benching.plan import Cell, Plan
from workbench.benching.ranking import rank
from workbench.benching.submitting import Call, results_of, results_of_pools
from workbench.errors import WbError, reason
from workbench.files import write_atomically
from workbench.plugins.loading import Host, load
from workbench.running.observers import observers_of
from workbench.running.participants import participants_of

PROCESSES = "processes"
"""The executor that a bench takes where none is named."""

CELLS, RECORDS = "cells", "records"
LOST = "its process ended; give fewer --jobs or a smaller cell"

AfterCell = Callable[[CellResult, int, int], None]
"""Called with a finished cell's row, how many are done, and how many there are."""


def bench(
    plan: Plan,
    *,
    out: Path | None = None,
    jobs: int = 1,
    executor: Executor | str = PROCESSES,
    after_cell: AfterCell | None = None,
    host: Host | None = None,
) -> BenchResult:
    """Run every cell that the folder ``out`` does not hold yet; rank all.

    Parameters
    ----------
    plan : Plan
    out : Path, optional
        The bench's folder; by default one in ``WB_RUNS`` whose name stands for the plan, so that the same plan
        resumes.
    jobs : int
        Processes; each gets its share of the machine's threads.
    executor : str or concurrent.futures.Executor
        Where the cells run: a registered executor's name, or one that is at hand, which the caller shuts down.
    after_cell : callable, optional
        Called with a finished cell's row, how many are done, and how many there are.

    Returns
    -------
    BenchResult
        Its rows, its ranking and its folder; a failed cell's row holds ``error``.
    """
    host = host or load()
    if isinstance(executor, str):
        host.executors.get(executor)  # a wrong name is told before anything is read
    cells = plan.cells({name: collection(name, plan.methods, host).domains for name in plan.collections})
    for method in plan.methods:
        host.methods.find(method)
    folder = out or environment.runs_folder() / f"bench-{plan.digest}"
    paths = {cell: folder / CELLS / f"{_key(cell, host)}.json" for cell in cells}
    rows: dict[Cell, CellResult] = {}
    observers = observers_of(host, lambda line: None)  # a run tells its own failures; a bench has no line to spare

    def keep(cell: Cell, row: CellResult) -> None:
        rows[cell] = row
        observers.cell_ends(cell.name, row.error)
        if after_cell is not None:
            after_cell(row, len(rows), len(cells))

    for cell in cells:
        finished = _finished(paths[cell])
        if finished is not None:
            keep(cell, finished)
    calls = {cell: (run_cell, cell, paths[cell], folder / RECORDS) for cell in cells if cell not in rows}
    for cell, row in _results(calls, executor, jobs, host):
        keep(cell, row if row is not None else _asked(cell).model_copy(update={"error": LOST}))
    ordered = tuple(rows[cell] for cell in cells)
    return BenchResult(cells=ordered, ranking=rank(ordered), folder=folder)


def _results(
    calls: Mapping[Cell, Call], executor: Executor | str, jobs: int, host: Host
) -> Iterator[tuple[Cell, CellResult | None]]:
    """Each call's result as it ends, by an executor that is at hand or by pools of a registered one."""
    if isinstance(executor, str):
        return results_of_pools(calls, host.executors.get(executor).load(), min(jobs, len(calls) or 1))
    return results_of(calls, executor)


@cache
def host_of_process() -> Host:
    """The plugins, loaded once in each process that runs cells."""
    return load()


def run_cell(cell: Cell, path: Path, records: Path) -> CellResult:
    """Run one cell and write its row to ``path``; an error that a user can cause becomes the row's ``error``."""
    from workbench.progress import Progress
    from workbench.running.execution import execute

    try:
        outcome = execute(cell.specification, host_of_process(), Progress(), parent=records)
        row = CellResult.of(_asked(cell), outcome)
    except WbError as error:
        row = _asked(cell).model_copy(update={"error": str(error)})
    except Exception as error:  # one cell's bug must not end the others
        row = _asked(cell).model_copy(update={"error": reason(error)})
    write_atomically(path, json.dumps(row.as_json(), indent=1, default=float) + "\n")
    return row


def _asked(cell: Cell) -> CellResult:
    spec = cell.specification
    return CellResult(
        method=spec.method,
        source="+".join(spec.sources),
        target=spec.target,
        seed=spec.seed,
        settings=dict(spec.settings),
    )


def _key(cell: Cell, host: Host) -> str:
    """The cell's key with the versions of the plugins that take part: another version runs it again."""
    return cell.key_with(participants_of(host, cell.specification.method, dict(cell.specification.settings)))


def _finished(path: Path) -> CellResult | None:
    """The row that an earlier bench wrote; a failed cell is run again."""
    try:
        row = CellResult.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, ValidationError):
        return None
    return row if row.error is None and Path(row.record).is_dir() else None
