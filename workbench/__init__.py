"""wb, the domain-adaptation workbench: move models between domains, honestly.

The public names below are imported when they are first used, so that ``import workbench`` costs nothing; what is
promised of them stands in ``docs/public.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.lazy import lazily

if TYPE_CHECKING:
    from workbench.benching.executing import bench
    from workbench.benching.plan import Plan
    from workbench.choosing.candidates import Candidate
    from workbench.choosing.selectors import Selector
    from workbench.data.corpus import Corpus
    from workbench.data.domains import Domain, Predictions, Problem
    from workbench.data.inputs import Inputs, Labels
    from workbench.data.openers import Opener
    from workbench.data.readers import Examples, Reader, SourceFile
    from workbench.data.tasks import Task
    from workbench.errors import DataError, LabelsWithheld, NotInstalled, UnknownName, UsageError, WbError
    from workbench.methods.contract import Method, Model, Params
    from workbench.methods.feature_method import Adapted, FeatureMethod
    from workbench.methods.featurizers import Featurizer
    from workbench.plugins.hookspecs import hookimpl
    from workbench.plugins.loading import Host, load
    from workbench.progress import Progress
    from workbench.report.figure import Figure
    from workbench.running.execution import run
    from workbench.running.records import Record
    from workbench.scoring.comparing import Comparison
    from workbench.scoring.evaluators import Evaluator
    from workbench.scoring.metrics import Metric, Scores
    from workbench.settings import Settings

__version__ = "0.1.0"

_PUBLIC = {
    "bench": "benching.executing",
    "Plan": "benching.plan",
    "Candidate": "choosing.candidates",
    "Selector": "choosing.selectors",
    "Corpus": "data.corpus",
    "Domain": "data.domains",
    "Predictions": "data.domains",
    "Problem": "data.domains",
    "Inputs": "data.inputs",
    "Labels": "data.inputs",
    "Opener": "data.openers",
    "Examples": "data.readers",
    "Reader": "data.readers",
    "SourceFile": "data.readers",
    "Task": "data.tasks",
    "DataError": "errors",
    "LabelsWithheld": "errors",
    "NotInstalled": "errors",
    "UnknownName": "errors",
    "UsageError": "errors",
    "WbError": "errors",
    "Method": "methods.contract",
    "Model": "methods.contract",
    "Params": "methods.contract",
    "Adapted": "methods.feature_method",
    "FeatureMethod": "methods.feature_method",
    "Featurizer": "methods.featurizers",
    "hookimpl": "plugins.hookspecs",
    "Host": "plugins.loading",
    "load": "plugins.loading",
    "Progress": "progress",
    "Figure": "report.figure",
    "run": "running.execution",
    "Record": "running.records",
    "Comparison": "scoring.comparing",
    "Evaluator": "scoring.evaluators",
    "Metric": "scoring.metrics",
    "Scores": "scoring.metrics",
    "Settings": "settings",
}

__all__ = [
    "Adapted",
    "Candidate",
    "Comparison",
    "Corpus",
    "DataError",
    "Domain",
    "Evaluator",
    "Examples",
    "FeatureMethod",
    "Featurizer",
    "Figure",
    "Host",
    "Inputs",
    "Labels",
    "LabelsWithheld",
    "Method",
    "Metric",
    "Model",
    "NotInstalled",
    "Opener",
    "Params",
    "Plan",
    "Predictions",
    "Problem",
    "Progress",
    "Reader",
    "Record",
    "Scores",
    "Selector",
    "Settings",
    "SourceFile",
    "Task",
    "UnknownName",
    "UsageError",
    "WbError",
    "__version__",
    "bench",
    "hookimpl",
    "load",
    "run",
]

__getattr__ = lazily(__name__, _PUBLIC)
