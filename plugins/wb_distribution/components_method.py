"""Settings of the methods built on transfer components, and what their records keep."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from wb_distribution.components import EXACT_UP_TO, WIDE_FROM
from wb_distribution.kernel_memory import kernel_need
from workbench.data.domains import Problem
from workbench.methods import memory
from workbench.methods.feature_method import FeatureMethod

JDA_PAPER: dict[str, Any] = {"source": "Long et al. 2013"}


class ComponentsMethod(FeatureMethod):
    """Base of the methods that embed both domains in transfer components."""

    class Params(FeatureMethod.Params):
        """Settings; the defaults are the protocol of Long et al. (2013) on Office-Caltech10."""

        components: int = Field(100, ge=1, le=10_000, description="Components k.", json_schema_extra=JDA_PAPER)
        regularisation: float = Field(1.0, gt=0, le=1e6, description="λ; .1 on digits.", json_schema_extra=JDA_PAPER)
        kernel: Literal["linear", "primal", "rbf"] = Field(
            "linear", description="Kernel; primal finds directions in feature space itself."
        )
        gamma: float = Field(1.0, gt=0, le=1e6, description="Width of the RBF kernel exp(−γ‖x − y‖²).")
        landmarks: int = Field(
            0, ge=0, le=100_000, description="Nyström landmarks of the RBF kernel; 0: whole up to 6,000 examples."
        )
        unit_rows: bool = Field(True, description="Rows of length 1 before and after.")

    own_classifier = "1nn"

    def component_settings(self, problem: Problem) -> dict[str, Any]:
        names = ("components", "regularisation", "kernel", "gamma", "landmarks", "unit_rows")
        return {**{name: getattr(self.params, name) for name in names}, "random_state": problem.seed}

    def notes_of(self, components: Any) -> dict[str, Any]:
        return {"components": components.embedding_.weights.shape[1]}

    def needs(self, source: Any, target: Any) -> memory.Need | None:
        """A kernel matrix, where one is taken: that of RBF, or a linear one of more features than examples."""
        n, d = source.shape[0] + target.shape[0], source.shape[1]
        wide = self.params.kernel == "linear" and d > n > WIDE_FROM
        if self.params.landmarks or not (self.params.kernel == "rbf" or wide):
            return None
        return kernel_need(n, COPIES, EXACT_UP_TO)


def recorded(trace: list[dict[str, float]]) -> list[dict[str, float]]:
    """A trace for the record: four digits of every discrepancy, which hold however many threads summed."""
    return [
        {key: value if isinstance(value, int) else float(f"{value:.4g}") for key, value in step.items()}
        for step in trace
    ]


COPIES = 1.5
"""Peak of a fit over the size of the kernel matrix, as measured; that of the landmarks' factor is FACTOR_COPIES."""
