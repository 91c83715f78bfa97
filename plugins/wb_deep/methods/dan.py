"""Deep adaptation network."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from wb_deep.methods import fields
from wb_deep.methods.layered import Layered, LayeredParams

if TYPE_CHECKING:
    from torch import Tensor


class DAN(Layered):
    """Deep adaptation network: multi-kernel MMD of the last hidden layer and of the outputs.

    L = ramp(p) · Σ_layers MMD²_k, k the sum of five Gaussian kernels around the mean squared distance of a layer's
    outputs (n, d) and (m, d), each twice as wide as the one before.

    Source: Long, Cao, Wang & Jordan (ICML 2015), Learning transferable features with deep adaptation networks, eq. 1–4.

    Differs from the paper
    ----------------------
    The outputs are aligned as softened probabilities; kernels of fixed weights; the loss grows along a ramp; the
    source's batch is weighted to the class shares predicted for the target's batch (their average half way); by default
    the estimator of all pairs, which in batches of this size costs nothing and varies less than the paper's linear one.
    """

    class Params(LayeredParams):
        """Settings of the loss."""

        estimator: Literal["quadratic", "linear"] = Field(
            "quadratic", description="Of the MMD: over all pairs of a batch, or in linear time as the paper."
        )
        temperature: float = fields.temperature(2.5)

    defaults: ClassVar = {"rate": 3e-3, "standardise": "spread"}

    def between(self, source: Tensor, target: Tensor, weights: Tensor | None) -> Tensor:
        import torch

        from wb_deep.losses.kernels import gaussian_kernel, linear_mmd, mmd

        if self.params.estimator == "linear":
            return linear_mmd(source, target, 5, weights=weights)
        return mmd(gaussian_kernel(torch.cat([source, target]), 5), len(source), weights)
