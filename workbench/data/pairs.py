"""A pair of domains as checks look at it: samples of both, and what is computed of them once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from workbench.data.domains import Problem
from workbench.data.tasks import Task
from workbench.errors import WbError
from workbench.plugins.loading import Host

T = TypeVar("T")

MOST, FAST = 2000, 1000
"""Examples of each domain in a sample, and where there is little time."""


class Pair:
    """A labelled source and an unlabelled target, with samples that are quick to look at.

    Parameters
    ----------
    problem : Problem
    host : Host
        For featurizers, tasks and methods.
    fast : bool
        Whether there is little time: samples are smaller.
    options : str
        How a command line names the pair, e.g. ``"--src books --tgt kitchen"``.

    Attributes
    ----------
    source, target : Domain
        At most :data:`MOST` examples of each, drawn by the problem's seed.
    """

    def __init__(self, problem: Problem, host: Host, fast: bool = False, options: str = "") -> None:
        self.problem, self.host, self.fast = problem, host, fast
        self.options = options or f"--src {'+'.join(d.name for d in problem.sources)} --tgt {problem.target.name}"
        self.seed = problem.seed
        self.task: Task = host.tasks.get(problem.task).load()()
        generator = np.random.default_rng(problem.seed)
        most = FAST if fast else MOST
        self.source, self.target = (
            domain.take(np.sort(generator.permutation(len(domain))[:most]))
            for domain in (problem.source, problem.target)
        )
        self._results: dict[Callable[[Pair], object], object] = {}

    def command(self, method: str) -> str:
        """The command line that runs a method on the pair; empty where no such method is installed for its task."""
        there = any(e.task == self.problem.task and method in (e.name, *e.aliases) for e in self.host.methods)
        return f"wb run {method} {self.options}" if there else ""

    def computed(self, function: Callable[[Pair], T]) -> T:
        """What a function gives for this pair, computed the first time; an error that it raised is raised again."""
        if function not in self._results:
            try:
                self._results[function] = function(self)
            except WbError as error:
                self._results[function] = error
        result = self._results[function]
        if isinstance(result, WbError):
            raise result
        return result  # type: ignore[return-value]
