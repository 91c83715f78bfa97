"""Figures with intervals, paired tests and the verdict on negative transfer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.lazy import lazily

if TYPE_CHECKING:
    from workbench.scoring.comparing import Comparison, Difference, Estimate, compare
    from workbench.scoring.evaluators import Evaluator
    from workbench.scoring.metrics import Metric, Scores

_PUBLIC = {
    "Comparison": "comparing",
    "Difference": "comparing",
    "Estimate": "comparing",
    "Evaluator": "evaluators",
    "Metric": "metrics",
    "Scores": "metrics",
    "compare": "comparing",
}

__all__ = [
    "Comparison",
    "Difference",
    "Estimate",
    "Evaluator",
    "Metric",
    "Scores",
    "compare",
]
__getattr__ = lazily(__name__, _PUBLIC)
