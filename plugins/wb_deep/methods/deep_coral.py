"""Deep CORAL."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wb_deep.methods import fields
from wb_deep.methods.layered import Layered, LayeredParams

if TYPE_CHECKING:
    from torch import Tensor


class DeepCORAL(Layered):
    """Deep CORAL: covariances of the last hidden layer and of the outputs.

    L = ramp(p) · Σ_layers ‖C_s − C_t‖²_F / (4 d²), C (d, d) the covariances of a layer's outputs (n, d) and (m, d),
    the source's weighted.

    Source: Sun & Saenko (ECCV workshops 2016), Deep CORAL, eq. 1.

    Differs from the paper
    ----------------------
    Not the outputs alone, and these as probabilities; the loss grows along a ramp; the source's batch is weighted to
    the class shares predicted for the target's batch (their average half way).
    """

    class Params(LayeredParams):
        """Settings of the loss."""

        weight: float = fields.weight(1000.0)

    defaults: ClassVar = {"rate": 3e-3, "standardise": "spread"}

    def between(self, source: Tensor, target: Tensor, weights: Tensor | None) -> Tensor:
        from wb_deep.losses.distances import coral

        return coral(source, target, weights)
