"""Losses of the target's predictions alone.

References
----------
Jin et al. (ECCV 2020), minimum class confusion; Cui et al. (CVPR 2020), batch nuclear-norm maximisation; Shi & Sha
(ICML 2012) and Liang et al. (ICML 2020), information maximisation; Lee (ICML workshops 2013), pseudo labels; Sohn
et al. (NeurIPS 2020), FixMatch.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from wb_deep.losses.augmenting import strong, weak
from wb_deep.losses.shares import Shares, nearer
from wb_deep.training.terms import Step, Term, ramp

TEMPERATURE = 2.5

SURE = 0.95
"""The probability from which a prediction is taken for a label (Sohn et al. 2020, § 2.3)."""


def correlations(logits: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """How often two classes are predicted for one example, sure ones weighing more: (classes, classes).

    Jin et al. 2020, eq. 3–5.
    """
    p = (logits / temperature).softmax(1)
    entropy = -(p * p.clamp_min(1e-12).log()).sum(1).detach()
    weights = 1 + torch.exp(-entropy)
    weights = len(p) * weights / weights.sum()
    return (p * weights[:, None]).T @ p


def class_confusion(correlations: Tensor) -> Tensor:
    """Mean over classes of the normalised confusion with the others (Jin et al. 2020, eq. 6)."""
    confusion = correlations / correlations.sum(1, keepdim=True).clamp_min(1e-12)
    return (confusion.sum() - confusion.trace()) / len(confusion)


def blended(now: Tensor, past: Tensor, memory: float) -> Tensor:
    """``now`` with a share ``memory`` of the ``past`` in its value, while the gradient is that of ``now`` alone.

    What a few examples lack by chance is then not taken for a lack of the domain.
    """
    return now + memory * (past - now.detach())


def information(p: Tensor, mean: Tensor, wanted: Tensor | None = None) -> Tensor:
    """Mean entropy of the probabilities ``p`` plus the divergence of a ``mean`` of such from what is ``wanted``, or
    from balance: then, but for a constant, minus the entropy of the mean. Small when sure and balanced."""
    balance = mean.clamp_min(1e-12).log()
    if wanted is not None:
        balance = balance - wanted.log()
    return -(p * p.clamp_min(1e-12).log()).sum(1).mean() + (mean * balance).sum()


class MCC(Term):
    """Minimum class confusion.

    Parameters
    ----------
    memory : float
        Share of the earlier steps in the classes' correlations, an exponential average; 0: of the batch alone.
    """

    def __init__(self, classes: int, width: int, memory: float = 0.0) -> None:
        super().__init__(classes, width)
        self.memory = memory
        self.register_buffer("past", torch.zeros(classes, classes))
        self.past: Tensor

    def forward(self, step: Step) -> Tensor:
        now = correlations(step.target_logits)
        found = blended(now, self.past.to(now), self.memory) if self.past.any() else now
        self.past.copy_(found.detach())
        return class_confusion(found)


class BNM(Term):
    """The nuclear norm of the target's predictions, maximised: sure and diverse.

    Parameters
    ----------
    steepness : float
        Of the ramp, see :func:`wb_deep.training.terms.ramp`; 0 for none.
    temperature : float
        By which the logits are divided: above 1 an example that is all but sure still has a say, and one that is
        wrongly sure can still be moved.
    """

    def __init__(self, classes: int, width: int, steepness: float = 0.0, temperature: float = 1.0) -> None:
        super().__init__(classes, width)
        self.steepness, self.temperature = steepness, temperature

    def forward(self, step: Step) -> Tensor:
        p = (step.target_logits / self.temperature).softmax(1)
        return -ramp(step.progress, self.steepness) * torch.linalg.matrix_norm(p, "nuc") / len(p)


class InformationMaximisation(Term):
    """Sure single predictions, balanced on the whole; along the ramp, because early predictions are often wrong.

    Parameters
    ----------
    steepness : float
        Of the ramp, see :func:`wb_deep.training.terms.ramp`; 0 for none.
    memory : float
        Share of the earlier steps in the mean prediction, an exponential average; 0: of the batch alone.
    tolerance : float
        How many times larger or smaller than an equal share a class's may seem before that is believed: a balance is
        wanted up to this factor, and beyond it shares that are nearer to an equal one by it. Infinite: always balance.
    temperature : float
        By which the logits are divided for the entropy, not for the balance, of which softened predictions say little.
    """

    def __init__(
        self,
        classes: int,
        width: int,
        steepness: float = 10.0,
        memory: float = 0.0,
        tolerance: float = math.inf,
        temperature: float = 1.0,
    ) -> None:
        super().__init__(classes, width)
        self.steepness, self.memory, self.tolerance = steepness, memory, tolerance
        self.temperature = temperature
        self.register_buffer("mean", torch.full((classes,), 1.0 / classes))
        self.mean: Tensor
        self.shares = Shares(classes)

    def forward(self, step: Step) -> Tensor:
        self.shares.see(step)
        p = step.target_logits.softmax(1)
        mean = blended(p.mean(0), self.mean.to(p), self.memory)
        self.mean.copy_(mean.detach())
        wanted = None if math.isinf(self.tolerance) else nearer(self.shares.target, self.tolerance).to(p)
        soft = (step.target_logits / self.temperature).softmax(1)
        return ramp(step.progress, self.steepness) * information(soft, mean, wanted)


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
