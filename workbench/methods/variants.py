"""Which entry of a method's name runs: one name may have variants with other settings, for other inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workbench.data.domains import Problem
from workbench.data.inputs import kind_of
from workbench.methods.contract import Method
from workbench.plugins.entries import MethodEntry
from workbench.plugins.loading import Host


def variant(host: Host, name: str, settings: Iterable[str], problem: Problem) -> MethodEntry:
    """The first entry, the plain one before its variants, that has all of the ``settings`` and takes the inputs.

    Where none does, the first that has the settings, then the plain one: what is wrong is for its own checks to say.
    Raises :class:`UsageError` where the name is for another task.
    """
    plain = host.methods.get(name, problem.task)
    entries = [entry for entry in host.methods.find(name) if entry.task == problem.task]
    if len(entries) == 1:
        return plain
    wanted, kind = set(settings), kind_of(problem.sources[0].inputs)
    having = [entry for entry in entries if wanted <= set(entry.load().Params.model_fields)]
    taking = [entry for entry in having if not entry.load().takes or kind in entry.load().takes]
    return (taking or having or [plain])[0]


def make(entry: MethodEntry, settings: Mapping[str, Any], host: Host | None = None) -> Method:
    """The method with validated settings."""
    method_type: type[Method] = entry.load()
    return method_type(method_type.Params.parse(settings, where=f"method '{entry.name}'"), host)
