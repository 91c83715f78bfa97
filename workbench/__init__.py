"""wb, the domain-adaptation workbench: move models between domains, honestly.

The public names below are imported when they are first used, so that ``import workbench`` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.bench.executing import bench
    from workbench.domains import Domain, Predictions, Problem
    from workbench.errors import DataError, LabelsWithheld, UsageError, WbError
    from workbench.features import FeatureMethod, Featurizer
    from workbench.figures import Figure
    from workbench.hookspecs import hookimpl
    from workbench.methods import Method, Model, Params
    from workbench.plugins import load
    from workbench.readers import Examples, Reader
    from workbench.running import run
    from workbench.scoring import Evaluator, Metric, Scores
    from workbench.tasks import Task

__version__ = "0.1.0"

_PUBLIC = {
    "bench": "bench.executing",
    "Domain": "domains",
    "Predictions": "domains",
    "Problem": "domains",
    "DataError": "errors",
    "LabelsWithheld": "errors",
    "UsageError": "errors",
    "WbError": "errors",
    "FeatureMethod": "features",
    "Featurizer": "features",
    "Figure": "figures",
    "hookimpl": "hookspecs",
    "Method": "methods",
    "Model": "methods",
    "Params": "methods",
    "load": "plugins",
    "Examples": "readers",
    "Reader": "readers",
    "run": "running",
    "Evaluator": "scoring",
    "Metric": "scoring",
    "Scores": "scoring",
    "Task": "tasks",
}

__all__ = [
    "DataError",
    "Domain",
    "Evaluator",
    "Examples",
    "FeatureMethod",
    "Featurizer",
    "Figure",
    "LabelsWithheld",
    "Method",
    "Metric",
    "Model",
    "Params",
    "Predictions",
    "Problem",
    "Reader",
    "Scores",
    "Task",
    "UsageError",
    "WbError",
    "__version__",
    "bench",
    "hookimpl",
    "load",
    "run",
]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'workbench' has no attribute '{name}'")
    return getattr(importlib.import_module(f"workbench.{_PUBLIC[name]}"), name)
