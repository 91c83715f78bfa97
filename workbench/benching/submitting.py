"""Calls on an executor whose workers may die: the others are done all the same, and only the guilty one is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, as_completed, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

K = TypeVar("K")

Call = tuple[Any, ...]
"""A function and its arguments."""


def results_of(calls: Mapping[K, Call], executor: Executor) -> Iterator[tuple[K, Any | None]]:
    """Yield each call's result as it comes from a given executor; None for a call whose worker died."""
    futures: dict[Future[Any], K] = {executor.submit(*call): key for key, call in calls.items()}
    try:
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except Exception:  # the worker died, e.g. for want of memory
                yield futures[future], None
    except BaseException:
        for future in futures:
            future.cancel()
        raise


def results_of_pools(
    calls: Mapping[K, Call], new_pool: Callable[[int], Executor], workers: int
) -> Iterator[tuple[K, Any | None]]:
    """Yield each call's result as it comes from pools of processes; None for a call that killed its worker.

    A killed worker takes its whole pool with it. No more calls are handed in than there are workers, so that those
    that were running then are known: each is tried again in a pool of its own, and the rest goes on in a new one.
    """
    waiting = dict(calls)
    while waiting:
        suspects: list[K] = []
        pool = new_pool(workers)
        try:
            for key, result in _until_broken(pool, dict(waiting), workers, suspects):
                del waiting[key]
                yield key, result
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        for key in suspects:
            yield key, _alone(waiting.pop(key), new_pool)


def _until_broken(pool: Executor, calls: dict[K, Call], workers: int, suspects: list[K]) -> Iterator[tuple[K, Any]]:
    """Results until all calls are done or the pool breaks; ``suspects`` then holds those that were running."""
    queue = list(calls.items())
    running: dict[Future[Any], K] = {}
    while queue or running:
        try:
            while queue and len(running) < workers:
                key, call = queue[0]
                running[pool.submit(*call)] = key
                queue.pop(0)
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                result = future.result()
                yield running.pop(future), result
        except BrokenProcessPool:
            suspects += running.values()
            return


def _alone(call: Call, new_pool: Callable[[int], Executor]) -> Any | None:
    """The result of a call in a pool of its own; None where it kills its worker again."""
    pool = new_pool(1)
    try:
        return pool.submit(*call).result()
    except BrokenProcessPool:
        return None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
