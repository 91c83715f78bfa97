"""What losses between the domains as wholes share: the ramp, and the weights of the source's batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wb_deep.losses.ramp import ramp
from wb_deep.methods import fields
from wb_deep.methods.adaptation import Adaptation, LossParams

if TYPE_CHECKING:
    from torch import Tensor, nn

    from wb_deep.training.loss import Step


class AlignmentParams(LossParams):
    """Settings of a distance between the domains as wholes."""

    steepness: float = fields.steepness(3.0)
    shares: float = fields.shares(
        0.5, "How far the source's examples are weighted towards the classes' predicted shares in the target"
    )


class Alignment(Adaptation):
    """Base of losses that are a distance between the domains, along a ramp.

    Domains as wholes differ in their classes' shares too. With ``--shares`` the source's batch is weighted class by
    class to what the target's batch is predicted to have (:meth:`wb_deep.losses.shares.Shares.weights`).
    """

    class Params(AlignmentParams):
        """Settings of the loss."""

    def distance(self, step: Step, weights: Tensor | None) -> Tensor:
        """The loss before its ramp, with ``weights`` (n,) of the source's examples, of sum 1; None: all the same."""
        raise NotImplementedError

    def loss(self, step: Step) -> Tensor:
        return ramp(step.progress, self.params.steepness) * self.distance(step, self._weights(step))

    def new_state(self, network: Any, classes: int) -> nn.Module:
        from wb_deep.losses.shares import Shares
        from wb_deep.losses.state import State

        return State(shares=Shares(classes))

    def _weights(self, step: Step) -> Tensor | None:
        if not self.params.shares:
            return None
        shares = self.state.shares
        shares.see(step.source_labels, step.target_logits)
        weights: Tensor = shares.weights(step.source_labels, self.params.shares).to(step.source_features)
        return weights
