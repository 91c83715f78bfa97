"""Losses of the target's predictions alone.

References
----------
Jin et al. (ECCV 2020), minimum class confusion; Cui et al. (CVPR 2020), batch nuclear-norm maximisation; Shi & Sha
(ICML 2012) and Liang et al. (ICML 2020), information maximisation; Lee (ICML workshops 2013), pseudo labels; Sohn
et al. (NeurIPS 2020), FixMatch.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from wb_deep.augmenting import strong, weak
from wb_deep.terms import Step, Term, ramp

TEMPERATURE = 2.5

SURE = 0.95
"""The probability from which a prediction is taken for a label (Sohn et al. 2020, § 2.3)."""


def class_confusion(logits: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """Mean over classes of the normalised confusion with the others (Jin et al. 2020, eq. 3–6)."""
    p = (logits / temperature).softmax(1)
    entropy = -(p * p.clamp_min(1e-12).log()).sum(1).detach()
    weights = 1 + torch.exp(-entropy)
    weights = len(p) * weights / weights.sum()
    confusion = (p * weights[:, None]).T @ p
    confusion = confusion / confusion.sum(1, keepdim=True).clamp_min(1e-12)
    return (confusion.sum() - confusion.trace()) / p.shape[1]


def information(logits: Tensor, past: Tensor | None = None, memory: float = 0.0) -> Tensor:
    """Mean entropy of the predictions minus the entropy of their mean: small when sure and balanced.

    With the ``past`` mean (classes,) of earlier steps, of which a share ``memory`` enters, the balance is judged by
    that blend, while the gradient is that of a mean over this batch: what a few examples lack by chance is not
    taken for a lack of the domain.
    """
    p = logits.softmax(1)
    mean = p.mean(0)
    if past is not None:
        mean = mean + memory * (past - mean.detach())
    return -(p * p.clamp_min(1e-12).log()).sum(1).mean() + (mean * mean.clamp_min(1e-12).log()).sum()


class MCC(Term):
    """Minimum class confusion."""

    def forward(self, step: Step) -> Tensor:
        return class_confusion(step.target_logits)


class BNM(Term):
    """The nuclear norm of the target's predictions, maximised: sure and diverse.

    Parameters
    ----------
    steepness : float
        Of the ramp, see :func:`wb_deep.terms.ramp`; 0 for none.
    """

    def __init__(self, classes: int, width: int, steepness: float = 0.0) -> None:
        super().__init__(classes, width)
        self.steepness = steepness

    def forward(self, step: Step) -> Tensor:
        p = step.target_logits.softmax(1)
        return -ramp(step.progress, self.steepness) * torch.linalg.matrix_norm(p, "nuc") / len(p)


class InformationMaximisation(Term):
    """Sure single predictions, balanced on the whole; along the ramp, because early predictions are often wrong.

    Parameters
    ----------
    steepness : float
        Of the ramp, see :func:`wb_deep.terms.ramp`; 0 for none.
    memory : float
        Share of the earlier steps in the mean prediction, an exponential average; 0: of the batch alone.
    """

    def __init__(self, classes: int, width: int, steepness: float = 10.0, memory: float = 0.0) -> None:
        super().__init__(classes, width)
        self.steepness, self.memory = steepness, memory
        self.register_buffer("mean", torch.full((classes,), 1.0 / classes))
        self.mean: Tensor

    def forward(self, step: Step) -> Tensor:
        found = information(step.target_logits, self.mean, self.memory)
        with torch.no_grad():
            now = step.target_logits.softmax(1).mean(0)
            self.mean.lerp_(now.to(self.mean), 1.0 - self.memory)
        return ramp(step.progress, self.steepness) * found


class PseudoLabel(Term):
    """Cross-entropy with the target's own sure predictions, along the ramp; unsure examples count as nothing."""

    def forward(self, step: Step) -> Tensor:
        confidence, label = step.target_logits.softmax(1).detach().max(1)
        losses = functional.cross_entropy(step.target_logits, label, reduction="none")
        return ramp(step.progress) * (losses * (confidence >= SURE)).mean()


class FixMatch(Term):
    """The label that a weakly changed example surely has is taught to the same example strongly changed.

    The source is weakly changed too. Unsure examples count as nothing.

    Parameters
    ----------
    threshold : float
        The probability from which a prediction is taken for a label.
    """

    def __init__(self, classes: int, width: int, threshold: float = SURE) -> None:
        super().__init__(classes, width)
        self.threshold = threshold
        self._sure: Any = 0.0
        self._steps = 0

    def views(self, source: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """The target twice: weak, then strong."""
        return weak(source), torch.cat([weak(target), strong(target)])

    def forward(self, step: Step) -> Tensor:
        first, second = step.target_logits.chunk(2)
        confidence, label = first.softmax(1).detach().max(1)
        sure = confidence >= self.threshold
        self._sure, self._steps = self._sure + sure.float().mean(), self._steps + 1
        return (functional.cross_entropy(second, label, reduction="none") * sure).mean()

    def end_epoch(self) -> dict[str, float]:
        """The share of examples that were sure."""
        share = float(self._sure) / max(1, self._steps)
        self._sure, self._steps = 0.0, 0
        return {"sure": share}

    def counters(self) -> dict[str, Any]:
        return {"sure": float(self._sure), "steps": self._steps}

    def restore(self, counters: dict[str, Any]) -> None:
        self._sure, self._steps = counters["sure"], counters["steps"]
