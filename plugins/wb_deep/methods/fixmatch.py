"""FixMatch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wb_deep.methods import fields
from wb_deep.methods.adaptation import Adaptation, LossParams

if TYPE_CHECKING:
    from torch import Tensor, nn

    from wb_deep.training.loss import Step


class FixMatch(Adaptation):
    """Sure labels of weakly changed target examples, taught to strong changes of them.

    L = mean_j [max y_j ≥ τ] · −log y'_j[argmax y_j], y_j and y'_j (classes,) the predictions for the weak and for the
    strong view of a target example, τ the threshold. The source is weakly changed too.

    Source: Sohn et al. (NeurIPS 2020), FixMatch, eq. 3–4.

    Differs from the paper
    ----------------------
    As many unlabelled as labelled examples in a step; no flips, which make other digits of some; strong changes are
    one random affine map, contrast and Cutout; vectors get noise and zeros.
    """

    class Params(LossParams):
        """Settings of the loss."""

        threshold: float = fields.threshold(0.95)

    def new_state(self, network: Any, classes: int) -> nn.Module:
        import torch

        from wb_deep.losses.state import State

        return State(sure=torch.zeros(()), steps=torch.zeros((), dtype=torch.int64))

    def views(self, source: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """The target twice: weak, then strong."""
        import torch

        from wb_deep.losses.augmenting import strong, weak

        return weak(source), torch.cat([weak(target), strong(target)])

    def loss(self, step: Step) -> Tensor:
        from torch.nn import functional

        weak, strong = step.target_logits.chunk(2)
        confidence, label = weak.softmax(1).detach().max(1)
        sure = confidence >= self.params.threshold
        self.state.sure += sure.float().mean()
        self.state.steps += 1
        return (functional.cross_entropy(strong, label, reduction="none") * sure).mean()

    def after_epoch(self) -> dict[str, float]:
        """The share of examples that were sure."""
        share = float(self.state.sure) / max(1, int(self.state.steps))
        self.state.sure.zero_()
        self.state.steps.zero_()
        return {"sure": share}
