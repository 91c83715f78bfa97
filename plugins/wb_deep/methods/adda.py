"""Adversarial discriminative domain adaptation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from wb_deep.methods.adaptation import Adaptation, LossParams

if TYPE_CHECKING:
    from torch import Tensor, nn

    from wb_deep.training.loss import Phase, Step

RATE = 0.2
"""Step sizes of the adversarial part over those of the first: 0.0002 against 0.001, as in the paper's § 5."""


class ADDA(Adaptation):
    """A target encoder that starts as the source's and learns to fool a discriminator.

    First the source alone. Then its encoder is frozen as M_s, and in each step the discriminator D goes down in
    ½ mean −log D(M_s(x)) + ½ mean −log(1 − D(M_t(z))), the encoder M_t in mean −log D(M_t(z)), over inputs x of the
    source and z of the target. The classifier stays the source's; the network ends as M_t with it.

    Source: Tzeng, Hoffman, Saenko & Darrell (CVPR 2017), Adversarial discriminative domain adaptation, eq. 7–9.

    Differs from the paper
    ----------------------
    Both parts share the epochs of the other methods; each domain has batch-norm batches of its own, with the target's
    statistics at the end; a discriminator of one hidden layer with 128 units.
    """

    class Params(LossParams):
        """Settings of the loss and of its parts."""

        pretrain: float = Field(
            0.5, ge=0, le=1, description="The share of the epochs that belongs to the source alone."
        )

    defaults: ClassVar = {"batch_norm": "separate"}

    def new_state(self, network: Any, classes: int) -> nn.Module:
        import copy

        import torch

        from wb_deep.losses.discriminators import Accuracy, discriminator
        from wb_deep.losses.state import State

        return State(
            discriminator=discriminator(network.width),
            source=copy.deepcopy(network).eval().requires_grad_(False),
            adapting=torch.zeros((), dtype=torch.bool),
            accuracy=Accuracy(),
        )

    def phases(self, progress: float) -> Sequence[Phase]:
        from wb_deep.training.loss import Phase

        if progress < self.params.pretrain:
            return (Phase(self.nothing),)
        return (
            Phase(self.discriminate, supervised=False, moves=("loss",), rate=RATE),
            Phase(self.loss, supervised=False, moves=("body",), rate=RATE),
        )

    def nothing(self, step: Step) -> Tensor:
        return step.source_logits.new_zeros(())

    def discriminate(self, step: Step) -> Tensor:
        """The discriminator's loss: source features by the frozen encoder, target features by the other."""
        import torch

        from wb_deep.losses.discriminators import domain_loss

        self._freeze(step.network)
        with torch.no_grad():
            features = self.state.source.features(step.source_inputs)
        source = self.state.discriminator(features)[:, 0]
        target = self.state.discriminator(step.target_features.detach())[:, 0]
        self.state.accuracy.add(source, target)
        return domain_loss(source, target)

    def loss(self, step: Step) -> Tensor:
        """Cross-entropy of the target taken for the source (eq. 9): large gradients where the target is found."""
        import torch
        from torch.nn import functional

        logits = self.state.discriminator(step.target_features)[:, 0]
        return functional.binary_cross_entropy_with_logits(logits, torch.ones_like(logits))

    def after_epoch(self) -> dict[str, float]:
        accuracy: dict[str, float] = self.state.accuracy.after_epoch()
        return accuracy

    def _freeze(self, network: Any) -> None:
        """At the first adversarial step: the source's encoder is the network as it is now."""
        if not self.state.adapting:
            self.state.source.load_state_dict(network.state_dict())
            self.state.adapting.fill_(True)
