"""The contracts of methods and models, and the base of all methods on feature vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.lazy import lazily

if TYPE_CHECKING:
    from workbench.methods.contract import Method, Model, Params
    from workbench.methods.feature_method import Adapted, FeatureMethod, VectorMethod
    from workbench.methods.feature_model import FeatureModel
    from workbench.methods.featurizers import Featurizer
    from workbench.methods.measures import proxy_a_distance

_PUBLIC = {
    "Adapted": "feature_method",
    "FeatureMethod": "feature_method",
    "FeatureModel": "feature_model",
    "Featurizer": "featurizers",
    "Method": "contract",
    "Model": "contract",
    "Params": "contract",
    "VectorMethod": "feature_method",
    "proxy_a_distance": "measures",
}

__all__ = [
    "Adapted",
    "FeatureMethod",
    "FeatureModel",
    "Featurizer",
    "Method",
    "Model",
    "Params",
    "VectorMethod",
    "proxy_a_distance",
]
__getattr__ = lazily(__name__, _PUBLIC)
