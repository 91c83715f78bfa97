"""Which entry of a method's name runs: one name may have variants with other settings, for other inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workbench.data.domains import Problem
from workbench.data.inputs import kind_of
from workbench.errors import UsageError
from workbench.methods.contract import Method
from workbench.plugins.entries import MethodEntry
from workbench.plugins.loading import Host

PLAIN = "plain"
"""What ``--variant`` calls the entry that has no variant's name."""


def choose_variant(host: Host, name: str, settings: Iterable[str], problem: Problem, variant: str = "") -> MethodEntry:
    """The entry that ``variant`` names; without one the first that has all ``settings`` and takes the inputs.

    The plain entry stands before its variants. Where none has all and takes the inputs, it is the first that has the
    settings, then the plain one: what is wrong is for its own checks to say. Raises :class:`UsageError` where the name
    is for another task or has no such variant.
    """
    plain = host.methods.get(name, problem.task)
    entries = [entry for entry in host.methods.find(name) if entry.task == problem.task]
    if variant:
        return _named(entries, name, variant)
    if len(entries) == 1:
        return plain
    given, kind = set(settings), kind_of(problem.sources[0].inputs)
    having = [entry for entry in entries if given <= set(entry.load().Params.model_fields)]
    taking = [entry for entry in having if not entry.load().takes or kind in entry.load().takes]
    return (taking or having or [plain])[0]


def _named(entries: list[MethodEntry], name: str, variant: str) -> MethodEntry:
    for entry in entries:
        if (entry.variant or PLAIN) == variant:
            return entry
    known = ", ".join(entry.variant or PLAIN for entry in entries)
    raise UsageError(f"method '{name}' has no variant '{variant}' for {entries[0].task}; it has: {known}")


def make(entry: MethodEntry, settings: Mapping[str, Any], host: Host | None = None) -> Method:
    """The method with validated settings."""
    method_type: type[Method] = entry.load()
    return method_type(method_type.Params.parse(settings, where=f"method '{entry.name}'"), host)
