"""The contract of an evaluator."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from workbench.data.domains import Domain, Predictions, Problem
from workbench.scoring.metrics import Scores, macro_f1, ratio
from workbench.scoring.statistics import Compute


class Evaluator(ABC):
    """Scores predictions against the gold. Only a run calls it, after the models have predicted."""

    computes: ClassVar[tuple[Compute, ...]] = (ratio, macro_f1)
    """The functions that its metrics are computed with: a record names them, a later comparison finds them here."""

    @abstractmethod
    def score(self, gold: Domain, predictions: Predictions, problem: Problem) -> Scores:
        """Figures of one model.

        ``predictions.classes`` and ``gold.classes`` may differ: compare by class name. ``problem`` tells what
        the model could have seen (e.g. the source vocabulary).
        """

    def changes(self, gold: Domain, baseline: Predictions, adapted: Predictions, problem: Problem) -> dict[str, Any]:
        """What changed between two models, for the record: ``"examples"`` holds lines for people to read."""
        return {}

    def notices(self, gold: Domain, problem: Problem) -> list[str]:
        """What makes the scores hard to compare, e.g. classes of the target that the source lacks."""
        missing = [name for name in gold.classes if name not in problem.classes]
        if not missing:
            return []
        return [f"the target has classes that the source lacks, always counted as errors: {', '.join(missing)}"]
