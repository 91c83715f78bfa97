"""What distances of more than one layer share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wb_deep.methods import fields
from wb_deep.methods.alignment import Alignment, AlignmentParams

if TYPE_CHECKING:
    from torch import Tensor

    from wb_deep.training.loss import Step


class LayeredParams(AlignmentParams):
    """Settings of a distance of the features and, if asked, of the predictions."""

    layers: Literal["features", "both"] = fields.layers("both")
    temperature: float = fields.temperature(1.0)


class Layered(Alignment):
    """Base of distances that are summed over the last hidden layer and the predicted probabilities."""

    class Params(LayeredParams):
        """Settings of the loss."""

    def between(self, source: Tensor, target: Tensor, weights: Tensor | None) -> Tensor:
        """The distance between two batches of one layer's output, shapes (n, d) and (m, d)."""
        raise NotImplementedError

    def distance(self, step: Step, weights: Tensor | None) -> Tensor:
        distance = self.between(step.source_features, step.target_features, weights)
        if self.params.layers == "both":
            logits = step.source_logits, step.target_logits
            source, target = ((z / self.params.temperature).softmax(1) for z in logits)
            distance = distance + self.between(source, target, weights)
        return distance
