"""wb, the domain-adaptation workbench: move models between domains, honestly.

The public names below are imported when they are first used, so that ``import workbench`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.lazy import lazily

if TYPE_CHECKING:
    from workbench.benching.executing import bench
    from workbench.data.domains import Domain, Predictions, Problem
    from workbench.data.readers import Examples, Reader
    from workbench.data.tasks import Task
    from workbench.errors import DataError, LabelsWithheld, UsageError, WbError
    from workbench.methods.contract import Method, Model, Params
    from workbench.methods.feature_method import FeatureMethod
    from workbench.methods.featurizers import Featurizer
    from workbench.plugins.hookspecs import hookimpl
    from workbench.plugins.loading import load
    from workbench.report.figure import Figure
    from workbench.running.execution import run
    from workbench.scoring.evaluators import Evaluator
    from workbench.scoring.metrics import Metric, Scores

__version__ = "0.1.0"

_PUBLIC = {
    "bench": "benching.executing",
    "Domain": "data.domains",
    "Predictions": "data.domains",
    "Problem": "data.domains",
    "Examples": "data.readers",
    "Reader": "data.readers",
    "Task": "data.tasks",
    "DataError": "errors",
    "LabelsWithheld": "errors",
    "UsageError": "errors",
    "WbError": "errors",
    "Method": "methods.contract",
    "Model": "methods.contract",
    "Params": "methods.contract",
    "FeatureMethod": "methods.feature_method",
    "Featurizer": "methods.featurizers",
    "hookimpl": "plugins.hookspecs",
    "load": "plugins.loading",
    "Figure": "report.figure",
    "run": "running.execution",
    "Evaluator": "scoring.evaluators",
    "Metric": "scoring.metrics",
    "Scores": "scoring.metrics",
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

__getattr__ = lazily(__name__, _PUBLIC)
