"""Maximum classifier discrepancy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from wb_deep.methods.adaptation import Adaptation, LossParams

if TYPE_CHECKING:
    from torch import Tensor, nn

    from wb_deep.training.loss import Phase, Step


class MCD(Adaptation):
    """Maximum classifier discrepancy: two classifiers part on the target, the features bring them together again.

    d = mean |softmax(h₁(g)) − softmax(h₂(g))| over the target's features g (m, width) and the classes. Step A trains
    everything on the source; step B the heads h₁ and h₂ in cross-entropy minus d; step C the features in d,
    ``--generator-steps`` times.

    Source: Saito, Watanabe, Ushiku & Harada (CVPR 2018), Maximum classifier discrepancy for unsupervised domain
    adaptation, eq. 3–9, § 3.3.

    Differs from the paper
    ----------------------
    Predictions are those of the first classifier; each domain has batch-norm batches of its own.
    """

    class Params(LossParams):
        """Settings of the loss and of its phases."""

        generator_steps: int = Field(4, ge=1, le=100, description="How often the features move for one move of both.")

    defaults: ClassVar = {"batch_norm": "separate"}

    def new_state(self, network: Any, classes: int) -> nn.Module:
        from torch import nn

        from wb_deep.losses.state import State

        return State(second=nn.Linear(network.width, classes))

    def phases(self, progress: float) -> Sequence[Phase]:
        from wb_deep.training.loss import Phase

        return (
            Phase(self.supervised),
            Phase(self.apart, moves=("head", "loss")),
            Phase(self.loss, supervised=False, moves=("body",), repeats=self.params.generator_steps),
        )

    def supervised(self, step: Step) -> Tensor:
        """Cross-entropy of the second head on the source."""
        from torch.nn import functional

        return functional.cross_entropy(self.state.second(step.source_features), step.source_labels)

    def apart(self, step: Step) -> Tensor:
        """The same minus the heads' discrepancy on the target."""
        return self.supervised(step) - self.loss(step)

    def loss(self, step: Step) -> Tensor:
        """The heads' discrepancy on the target."""
        from wb_deep.losses.predictions import discrepancy

        return discrepancy(step.target_logits, self.state.second(step.target_features))
