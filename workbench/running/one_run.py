"""One run: the host, the opened data, the problem that methods see, and the clock."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.data.domains import Problem
from workbench.plugins.loading import Host
from workbench.progress import Progress
from workbench.running.clock import Clock
from workbench.running.opened import RunData, open_data
from workbench.running.specification import Specification


@dataclass(frozen=True, eq=False)
class Run:
    """A specification with its data read. No method is given this object: :attr:`data` leads to the gold."""

    spec: Specification
    host: Host
    clock: Clock
    data: RunData
    problem: Problem

    @classmethod
    def open(cls, spec: Specification, host: Host, progress: Progress) -> Run:
        """Read the data. Raises :class:`WbError` where it cannot serve."""
        clock = Clock(progress)
        with clock.stage("read"):
            data = open_data(spec, host)
            problem = data.problem()
        return cls(spec, host, clock, data, problem)
