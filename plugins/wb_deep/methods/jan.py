"""Joint adaptation network."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wb_deep.methods.adaptation import Adaptation

if TYPE_CHECKING:
    from torch import Tensor

    from wb_deep.training.loss import Step


class JAN(Adaptation):
    """Joint adaptation network: MMD of features and predictions jointly.

    L = MMD²_k with k(x, z) = k₅(f_x, f_z) · k₁(y_x, y_z): five Gaussian kernels of the features f (width,), one of the
    predicted probabilities y (classes,).

    Source: Long, Zhu, Wang & Jordan (ICML 2017), Deep transfer learning with joint adaptation networks, eq. 8–10.

    Differs from the paper
    ----------------------
    No ramp: the loss has its whole weight from the start; both kernels are as wide as the mean squared distance of the
    batch, step by step, where the authors fix that of the predictions; all pairs, not the estimate in linear time; one
    hidden layer and the outputs; no adversarial variant.
    """

    defaults: ClassVar = {"rate": 2e-3}

    def loss(self, step: Step) -> Tensor:
        import torch

        from wb_deep.losses.kernels import gaussian_kernel, mmd

        features = torch.cat([step.source_features, step.target_features])
        predictions = torch.cat([step.source_logits, step.target_logits]).softmax(1)
        return mmd(gaussian_kernel(features, 5) * gaussian_kernel(predictions), len(step.source_features))
