"""Processes of this machine, which share its threads among them."""

from __future__ import annotations

import os
import signal
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context

THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def new_processes(jobs: int) -> Executor:
    """A pool of ``jobs`` fresh processes; each takes its share of the threads where the environment sets none."""
    threads = max(1, (os.cpu_count() or 1) // jobs)
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin, initargs=(threads,))


def _begin(threads: int) -> None:
    """In a new process: limit its threads, and leave Ctrl-C, which reaches every process, to the parent.

    Runs before anything that reads the limits is imported.
    """
    for name in THREAD_LIMITS:
        os.environ.setdefault(name, str(threads))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
