"""The contract of an estimator: what can be said of a model's accuracy on the target without its labels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from workbench.data.domains import Domain, Problem
from workbench.methods.contract import Model
from workbench.scoring.comparing import Estimate


class Estimator(ABC):
    """Estimates the accuracy of a fitted model on the unlabelled target."""

    needs_held_out: ClassVar[bool] = False
    """Whether it needs labelled source examples that the fit did not see."""

    @abstractmethod
    def estimate(self, model: Model, problem: Problem, held_out: Domain | None) -> Estimate:
        """The accuracy as a share, with its 95 % interval.

        ``held_out`` holds labelled source examples that the fit did not see, where there are any. Raises
        :class:`UsageError` where the model gives too little to estimate from.
        """
