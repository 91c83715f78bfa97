"""One run: the host, the opened data, the problem that methods see, and the clock."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.data.domains import Problem
from workbench.plugins.loading import Host
from workbench.progress import Progress
from workbench.running.clock import Clock
from workbench.running.observers import Observers, observers_of
from workbench.running.opened import RunData, open_data
from workbench.running.specification import Specification


@dataclass(frozen=True, eq=False)
class Run:
    """A specification with its data read. No method is given this object: :attr:`data` leads to the gold."""

    spec: Specification
    host: Host
    clock: Clock
    observers: Observers
    data: RunData
    problem: Problem

    @classmethod
    def open(cls, spec: Specification, host: Host, progress: Progress) -> Run:
        """Tell the observers that it begins, and read the data. Raises :class:`WbError` where that cannot serve."""
        clock, observers = Clock(progress), observers_of(host, progress.notice)
        observers.run_begins(spec)
        with clock.stage("read"):
            data = open_data(spec, host)
            _ = data.label_count  # whether the target has labels is known before anything is fitted
            problem = data.problem()
        return cls(spec, host, clock, observers, data, problem)
