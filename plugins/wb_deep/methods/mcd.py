"""Two classifiers against one feature extractor.

References
----------
Saito, Watanabe, Ushiku & Harada (CVPR 2018), Maximum classifier discrepancy for unsupervised domain adaptation.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional

from wb_deep.training.terms import Phase, Step, Term


def discrepancy(first: Tensor, second: Tensor) -> Tensor:
    """Mean absolute difference of the predicted probabilities (Saito et al. 2018, eq. 3)."""
    return (first.softmax(1) - second.softmax(1)).abs().mean()


class MCD(Term):
    """The network's head and a second one: they part on the target, the features bring them together again.

    Step A trains everything on the source; step B the two heads to agree on the source and differ on the target;
    step C the features, ``generator_steps`` times, so that the heads agree on the target (ibid. § 3.3).
    """

    def __init__(self, classes: int, width: int, generator_steps: int = 4) -> None:
        super().__init__(classes, width)
        self.second = nn.Linear(width, classes)
        self._phases = (
            Phase(self.supervised),
            Phase(self.apart, moves=("head", "term")),
            Phase(self.together, supervised=False, moves=("body",), repeats=generator_steps),
        )

    def phases(self, progress: float) -> Sequence[Phase]:
        return self._phases

    def supervised(self, step: Step) -> Tensor:
        """Cross-entropy of the second head on the source."""
        return functional.cross_entropy(self.second(step.source_features), step.source_labels)

    def apart(self, step: Step) -> Tensor:
        """The same minus the heads' discrepancy on the target."""
        return self.supervised(step) - self.together(step)

    def together(self, step: Step) -> Tensor:
        """The heads' discrepancy on the target."""
        return discrepancy(step.target_logits, self.second(step.target_features))

    forward = together
