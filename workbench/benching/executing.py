"""Carrying a plan out: each cell an ordinary record, each result written the moment it is there."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workbench import environment
from workbench.benching.plan import Cell, Plan
from workbench.benching.ranking import rank
from workbench.errors import UsageError, WbError
from workbench.files import write_atomically
from workbench.plugins.loading import Host, load

CELLS, RECORDS = "cells", "records"

THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")

Told = Callable[[dict[str, Any], int, int], None]
"""Called with a finished cell's row, how many are done, and how many there are."""


def bench(
    plan: Plan,
    *,
    out: Path | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
    told: Told | None = None,
    host: Host | None = None,
) -> dict[str, Any]:
    """Run every cell that the folder ``out`` does not hold yet; rank all.

    Parameters
    ----------
    plan : Plan
    out : Path, optional
        The bench's folder; by default one in ``WB_RUNS`` whose name stands for the plan, so that the same plan
        resumes.
    jobs : int
        Processes; each gets its share of the machine's threads.
    executor : concurrent.futures.Executor, optional
        Where the cells run, in place of processes of this machine.

    Returns
    -------
    dict
        ``{"cells": […], "ranking": […], "folder": …}``; a failed cell holds ``error``.
    """
    host = host or load()
    cells = plan.cells({name: _domains(name, host) for name in plan.collections})
    for method in plan.methods:
        host.methods.find(method)
    folder = out or environment.runs_folder() / f"bench-{plan.digest}"
    rows: dict[str, dict[str, Any]] = {}
    for cell in cells:
        row = _finished(folder, cell)
        if row is not None:
            rows[cell.key] = row
            _tell(told, row, len(rows), len(cells))
    waiting = [cell for cell in cells if cell.key not in rows]
    with _own_or(executor, min(jobs, len(waiting) or 1)) as chosen:
        futures: dict[Future[dict[str, Any]], Cell] = {chosen.submit(run_cell, cell, folder): cell for cell in waiting}
        try:
            for future in as_completed(futures):
                cell = futures[future]
                rows[cell.key] = _result(future, cell)
                _tell(told, rows[cell.key], len(rows), len(cells))
        except BaseException:
            for future in futures:
                future.cancel()
            raise
    ordered = [rows[cell.key] for cell in cells]
    return {"cells": ordered, "ranking": rank(ordered), "folder": str(folder)}


def run_cell(cell: Cell, folder: Path) -> dict[str, Any]:
    """Run one cell and write its row; an error that a user can cause becomes the row's ``error``."""
    from workbench.progress import Progress
    from workbench.running.execution import execute

    try:
        summary = execute(cell.specification, load(), Progress(), folder / RECORDS).summary
        row = {
            **_asked(cell),
            "scores": summary["scores"],
            "difference": summary["difference"],
            "verdict": summary["verdict"],
            "seconds": sum(summary["seconds"].values()),
            "record": summary["record"],
            "error": None,
        }
    except WbError as error:
        row = {**_asked(cell), "error": str(error)}
    except Exception as error:  # one cell's bug must not end the others
        row = {**_asked(cell), "error": f"{type(error).__name__}: {' '.join(str(error).split())}"}
    write_atomically(_path(folder, cell), json.dumps(row, indent=1, default=float) + "\n")
    return row


def _asked(cell: Cell) -> dict[str, Any]:
    spec = cell.specification
    return {
        "method": spec.method,
        "source": "+".join(spec.sources),
        "target": spec.target,
        "seed": spec.seed,
        "settings": dict(spec.settings),
    }


def _path(folder: Path, cell: Cell) -> Path:
    return folder / CELLS / f"{cell.key}.json"


def _finished(folder: Path, cell: Cell) -> dict[str, Any] | None:
    """The row that an earlier bench wrote; a failed cell is run again."""
    try:
        row: dict[str, Any] = json.loads(_path(folder, cell).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return row if row.get("error") is None and Path(row.get("record", "")).is_dir() else None


def _result(future: Future[dict[str, Any]], cell: Cell) -> dict[str, Any]:
    try:
        return future.result()
    except Exception as error:  # the process itself died, e.g. for want of memory
        return {
            **_asked(cell),
            "error": f"its process ended ({type(error).__name__}); give fewer --jobs or a smaller cell",
        }


def _domains(collection: str, host: Host) -> tuple[str, ...]:
    from workbench.data.opening import names_of

    entry = next((entry for entry in host.corpora if entry.name == collection), None)
    if entry is None or not entry.domains:
        known = ", ".join(entry.name for entry in host.corpora if entry.domains)
        raise UsageError(f"no collection '{collection}'; there are: {known}")
    return tuple(names_of(entry))


def _tell(told: Told | None, row: dict[str, Any], done: int, total: int) -> None:
    if told is not None:
        told(row, done, total)


@contextmanager
def _own_or(executor: Executor | None, jobs: int) -> Iterator[Executor]:
    """The given executor, or fresh processes that share the machine's threads among them."""
    if executor is not None:
        yield executor
        return
    from multiprocessing import get_context

    threads = str(max(1, (os.cpu_count() or 1) // jobs))
    before = {name: os.environ.get(name) for name in THREAD_LIMITS}
    os.environ.update({name: value or threads for name, value in before.items()})
    try:
        pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_leave_interrupts_to_the_parent)
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)


def _leave_interrupts_to_the_parent() -> None:
    """Ctrl-C reaches every process of a terminal: the cells that run are finished and kept."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
