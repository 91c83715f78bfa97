"""The classical estimators under one import: plain scikit-learn ones, each by the name of its method's class.

    from workbench.estimators import CORAL, TCA

Which there are is what the installed plugins register: ``dir(workbench.estimators)``. Each is imported when it is
first asked for. How they are used in a notebook or a pipeline: docs/python.md.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from workbench.plugins.entries import MethodEntry
from workbench.plugins.loading import load


@cache
def _entries() -> dict[str, MethodEntry]:
    """The methods that have an estimator, by the name of the method's class."""
    return {_class_name(entry): entry for entry in load().methods if entry.estimator}


def _class_name(entry: MethodEntry) -> str:
    return entry.factory.partition(":")[2] if isinstance(entry.factory, str) else entry.factory.__name__


def __getattr__(name: str) -> Any:
    if name.startswith("_") or name not in _entries():
        raise AttributeError(f"no estimator '{name}'; workbench.estimators has {', '.join(__dir__())}")
    return _entries()[name].load_estimator()


def __dir__() -> list[str]:
    return sorted(_entries())
