"""What the reweighting methods share: weights go to any classifier that takes them; their spread is recorded."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from sklearn.preprocessing import FunctionTransformer

from wb_instance.weights import of_mean_one
from workbench.data.domains import Problem
from workbench.errors import UsageError
from workbench.methods.feature_method import Adapted, FeatureMethod
from workbench.scoring.statistics import effective_sample_size

COLLAPSED = 0.05
"""Share of the examples below which the effective sample size is a warning."""


class ReweightingMethod(FeatureMethod):
    """Base: a subclass gives one weight for each source example."""

    several_sources = (
        "each scaled by itself where the scaling is within domains, then pooled and weighed together: a source that is "
        "unlike the target loses its say; the record keeps each one's share of all weights"
    )

    own_classifier = "svm"

    @abstractmethod
    def weigh(self, source: Any, target: Any, problem: Problem) -> tuple[np.ndarray, dict[str, Any]]:
        """Weights (n,) of source features (n, d) for target features (m, d), and notes for the record."""

    def adapt(self, source: Any, labels: np.ndarray, target: Any, problem: Problem) -> Adapted:
        check_takes_weights(self.new_classifier(problem), self.classifier_name(problem))
        return weighted(source, target, *self.weigh(source, target, problem), problem)


def weighted(source: Any, target: Any, importance: np.ndarray, notes: dict[str, Any], problem: Problem) -> Adapted:
    """Features as they are and source weights (n,) of mean 1; notes say their spread, a warning if they collapsed."""
    weights = of_mean_one(importance)
    identity = FunctionTransformer(accept_sparse=True).fit(target)
    size = effective_sample_size(weights)
    if len(problem.sources) > 1:
        notes = {**notes, "share_of_weights": shares(weights, problem)}
    warnings: tuple[str, ...] = ()
    if size < COLLAPSED * len(weights):
        warnings = (f"the weights collapsed: {size:.0f} of {len(weights):,} source examples count effectively",)
    return Adapted(source, identity, weights=weights, notes={**notes, **described(weights)}, warnings=warnings)


def shares(weights: np.ndarray, problem: Problem) -> dict[str, float]:
    """Each source's share of the weights of all sources; shots, which stand last, do not count."""
    ends = np.cumsum([len(domain) for domain in problem.sources])
    sums = [float(part.sum()) for part in np.split(weights, ends)[: len(ends)]]
    return {domain.name: round(part / sum(sums), 4) for domain, part in zip(problem.sources, sums, strict=True)}


def check_takes_weights(classifier: Any, name: str) -> None:
    """Raise :class:`UsageError` where a classifier cannot be trained on weighted examples."""
    from sklearn.utils.validation import has_fit_parameter

    inner = getattr(classifier, "estimator", classifier)
    if not has_fit_parameter(inner, "sample_weight"):
        raise UsageError(f"--classifier {name} takes no weights of examples; give one that does, e.g. svm or logreg")


def described(weights: np.ndarray) -> dict[str, Any]:
    """What the record keeps of weights of mean 1."""
    counts, edges = np.histogram(weights, bins=20)
    return {
        "effective_sample_size": round(effective_sample_size(weights), 1),
        "smallest_weight": float(weights.min()),
        "largest_weight": float(weights.max()),
        "weight_histogram": {"edges": edges.tolist(), "counts": counts.tolist()},
    }
