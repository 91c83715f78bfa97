"""Distances between the domains' features: MMD in several forms, and CORAL.

References
----------
Tzeng et al. (2014), DDC; Long et al. (ICML 2015), DAN; Long et al. (ICML 2017), JAN; Sun & Saenko (2016), Deep
CORAL; Zhu et al. (TNNLS 2020), DSAN.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from wb_deep.losses.kernels import gaussian_kernel, linear_mmd, mmd
from wb_deep.losses.shares import Shares
from wb_deep.training.terms import Step, Term, ramp


def coral(source: Tensor, target: Tensor, weights: Tensor | None = None) -> Tensor:
    """‖C_s − C_t‖²_F / (4 d²), C the covariances (Sun & Saenko 2016, eq. 1), the source's with ``weights`` of sum 1."""
    d = source.shape[1]
    difference = torch.cov(source.T, aweights=weights) - torch.cov(target.T)
    return (difference * difference).sum() / (4 * d * d)


def local_weights(source_labels: Tensor, target_probabilities: Tensor) -> Tensor:
    """Weights of the local MMD: column c of (n + m, classes) sums to 1 over the source and to −1 over the target.

    Classes that one of the batches lacks get no weight.
    """
    classes = target_probabilities.shape[1]
    one_hot = functional.one_hot(source_labels, classes).to(target_probabilities)
    mass_source, mass_target = one_hot.sum(0), target_probabilities.sum(0)
    present = (mass_source > 0) & (target_probabilities.argmax(1)[:, None] == torch.arange(classes)).any(0)
    source = one_hot / mass_source.clamp_min(1e-12)
    target = target_probabilities / mass_target.clamp_min(1e-12)
    return torch.cat([source, -target]) * present


def local_mmd(kernel: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    """Mean over the classes present of their squared MMD with soft members (Zhu et al. 2020, eq. 7).

    A class counts in the mean by what ``classes`` (classes,) says; the paper's are all 1.
    """
    counts = classes * (weights.abs().sum(0) > 0)
    return (counts * (weights * (kernel @ weights)).sum(0)).sum() / counts.sum().clamp_min(1e-12)


class Distance(Term):
    """Base of the losses between the domains as wholes.

    Parameters
    ----------
    steepness : float
        Of the ramp, see :func:`wb_deep.training.terms.ramp`; 0 for none.
    shares : float
        How far the source is weighted towards the classes' predicted shares in the target, as the power of
        :meth:`wb_deep.losses.shares.Shares.weights`; 0: not at all.
    """

    def __init__(self, classes: int, width: int, steepness: float = 0.0, shares: float = 0.0) -> None:
        super().__init__(classes, width)
        self.steepness, self.power = steepness, shares
        self.shares = Shares(classes)

    def forward(self, step: Step) -> Tensor:
        weights = None
        if self.power:
            self.shares.see(step)
            weights = self.shares.weights(step.source_labels, self.power).to(step.source_features)
        return ramp(step.progress, self.steepness) * self.distance(step, weights)

    def distance(self, step: Step, weights: Tensor | None) -> Tensor:
        """The loss before its ramp, with ``weights`` (n,) of the source's examples, of sum 1; None: all the same."""
        raise NotImplementedError


class DDC(Distance):
    """One-kernel MMD of the features, or of a lower layer's output.

    Parameters
    ----------
    stage : int
        Which of the network's stages is aligned, from 1 at the input; 0: the last, which gives the features.
    bandwidth : float
        Of the kernel, see :func:`gaussian_kernel`.
    """

    def __init__(self, classes: int, width: int, stage: int = 0, bandwidth: float = 1.0, **settings: float) -> None:
        super().__init__(classes, width, **settings)
        self.stage, self.bandwidth = stage, bandwidth
        self._outputs: list[Tensor] = []
        self._hook: Any = None

    def attach(self, network: Any) -> None:
        if self.stage:
            self._hook = network.stages[self.stage - 1].register_forward_hook(self._keep)

    def release(self) -> None:
        if self._hook is not None:
            self._hook.remove()

    def distance(self, step: Step, weights: Tensor | None) -> Tensor:
        joint = torch.cat(self._outputs or [step.source_features, step.target_features])
        self._outputs.clear()
        return mmd(gaussian_kernel(joint, bandwidth=self.bandwidth), len(step.source_features), weights)

    def _keep(self, module: nn.Module, _: Any, output: Tensor) -> None:
        """The stage's output of each pass of the step: one for both domains, or the source's and then the target's."""
        if module.training:
            self._outputs.append(output.flatten(1))


class Layered(Distance):
    """A distance of the features and, if asked, of the predictions too.

    Parameters
    ----------
    layers : str
        "features", or "both": the sum of the distances of the features and of the predicted probabilities.
    temperature : float
        By which the logits are divided before they become probabilities: above 1 examples that are all but sure
        still differ, and can still be moved.
    """

    def __init__(
        self, classes: int, width: int, layers: str = "features", temperature: float = 1.0, **settings: float
    ) -> None:
        super().__init__(classes, width, **settings)
        self.both, self.temperature = layers == "both", temperature

    def distance(self, step: Step, weights: Tensor | None) -> Tensor:
        found = self.between(step.source_features, step.target_features, weights)
        if self.both:
            said = [(logits / self.temperature).softmax(1) for logits in (step.source_logits, step.target_logits)]
            found = found + self.between(*said, weights)
        return found

    def between(self, source: Tensor, target: Tensor, weights: Tensor | None) -> Tensor:
        """The distance between two batches of one layer's output."""
        raise NotImplementedError


class DAN(Layered):
    """Multi-kernel MMD.

    Parameters
    ----------
    estimator : str
        "quadratic": of all pairs, biased; "linear": see :func:`linear_mmd`.
    """

    def __init__(self, classes: int, width: int, estimator: str = "quadratic", **settings: Any) -> None:
        super().__init__(classes, width, **settings)
        self.linear = estimator == "linear"

    def between(self, source: Tensor, target: Tensor, weights: Tensor | None) -> Tensor:
        if self.linear:
            return linear_mmd(source, target, 5, weights=weights)
        return mmd(gaussian_kernel(torch.cat([source, target]), 5), len(source), weights)


class JAN(Term):
    """MMD of features and predictions jointly: the product of their kernels."""

    def forward(self, step: Step) -> Tensor:
        features = torch.cat([step.source_features, step.target_features])
        predictions = torch.cat([step.source_logits, step.target_logits]).softmax(1)
        return mmd(gaussian_kernel(features, 5) * gaussian_kernel(predictions), len(step.source_features))


class DeepCORAL(Layered):
    """Covariances."""

    def between(self, source: Tensor, target: Tensor, weights: Tensor | None) -> Tensor:
        return coral(source, target, weights)


class DSAN(Term):
    """Local MMD: the same class of both domains, the target's by soft predictions; along a ramp.

    Parameters
    ----------
    steepness : float
        Of the ramp, see :func:`wb_deep.training.terms.ramp`; 0 for none.
    shares : float
        The power of a class's predicted share in the target by which the class counts; 0: all count the same.
    """

    def __init__(self, classes: int, width: int, steepness: float = 10.0, shares: float = 0.0) -> None:
        super().__init__(classes, width)
        self.steepness, self.power = steepness, shares
        self.shares = Shares(classes)

    def forward(self, step: Step) -> Tensor:
        joint = torch.cat([step.source_features, step.target_features])
        weights = local_weights(step.source_labels, step.target_logits.softmax(1).detach())
        self.shares.see(step)
        counts = (self.shares.target**self.power).to(joint)
        return ramp(step.progress, self.steepness) * local_mmd(gaussian_kernel(joint, 5), weights, counts)
