"""A target encoder that learns to look like the source's.

References
----------
Tzeng, Hoffman, Saenko & Darrell (CVPR 2017), Adversarial discriminative domain adaptation.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from wb_deep.losses.discriminators import Accuracy, discriminator, domain_loss
from wb_deep.training.terms import Phase, Step, Term

RATE = 0.2
"""Step sizes of the adversarial part over those of the first: 0.0002 against 0.001, as in the paper's § 5."""


class ADDA(Term):
    """First the source alone; then its encoder is frozen and a copy, for the target, fools a discriminator.

    The classifier stays that of the source. The network ends as the target's encoder with it.

    Parameters
    ----------
    pretrain : float
        The share of the training that belongs to the source alone.
    """

    source: nn.Module

    def __init__(self, classes: int, width: int, pretrain: float = 0.5) -> None:
        super().__init__(classes, width)
        self.pretrain = pretrain
        self.discriminator = discriminator(width)
        self.accuracy = Accuracy()
        self.adapting = False
        self._first = (Phase(self.nothing),)
        self._then = (
            Phase(self.discriminate, supervised=False, moves=("term",), rate=RATE),
            Phase(self.fool, supervised=False, moves=("body",), rate=RATE),
        )

    def attach(self, network: nn.Module) -> None:
        self.source = copy.deepcopy(network).eval().requires_grad_(False)

    def phases(self, progress: float) -> Sequence[Phase]:
        return self._then if progress >= self.pretrain else self._first

    def nothing(self, step: Step) -> Tensor:
        return step.source_logits.new_zeros(())

    def discriminate(self, step: Step) -> Tensor:
        """The discriminator's loss: source features by the frozen encoder, target features by the other."""
        self._freeze(step.network)
        assert step.source_inputs is not None
        with torch.no_grad():
            source: Tensor = self.source.features(step.source_inputs)  # type: ignore[operator]
        said = self.discriminator(source)[:, 0], self.discriminator(step.target_features.detach())[:, 0]
        self.accuracy.add(*said)
        return domain_loss(*said)

    def fool(self, step: Step) -> Tensor:
        """Cross-entropy of the target taken for the source (ibid. eq. 9): large gradients where the target is found."""
        logits = self.discriminator(step.target_features)[:, 0]
        return nn.functional.binary_cross_entropy_with_logits(logits, torch.ones_like(logits))

    forward = fool

    def end_epoch(self) -> dict[str, float]:
        return self.accuracy.end_epoch()

    def counters(self) -> dict[str, Any]:
        return {"adapting": self.adapting, **self.accuracy.counters()}

    def restore(self, counters: dict[str, Any]) -> None:
        self.adapting = counters["adapting"]
        self.accuracy.restore(counters)

    def _freeze(self, network: Any) -> None:
        """At the first adversarial step: the source's encoder is the network as it is now."""
        if not self.adapting:
            self.source.load_state_dict(network.state_dict())
            self.adapting = True
