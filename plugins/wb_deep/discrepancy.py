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

from wb_deep.terms import Step, Term, ramp


def gaussian_kernel(x: Tensor, widths: int = 1, factor: float = 2.0) -> Tensor:
    """Sum of ``widths`` Gaussian kernels around the mean squared distance, shape (n, n).

    k(a, b) = Σ exp(−‖a − b‖² / (β · factorᵏ)), β the mean squared distance of the n examples, k centred on 0.
    """
    squares = (x * x).sum(1)
    distances = (squares[:, None] + squares[None, :] - 2 * x @ x.T).clamp_min(0)
    n = len(x)
    return _kernels(distances, distances.detach().sum() / max(1, n * n - n), widths, factor)


def _kernels(distances: Tensor, mean: Tensor, widths: int, factor: float) -> Tensor:
    """Σ exp(−distances / (mean · factorᵏ)), k centred on 0."""
    scales = [mean.clamp_min(1e-12) * factor ** (k - widths // 2) for k in range(widths)]
    return torch.stack([torch.exp(-distances / scale) for scale in scales]).sum(0)


def mmd(kernel: Tensor, n: int) -> Tensor:
    """Biased squared MMD between the first ``n`` rows of a kernel matrix and the others."""
    return kernel[:n, :n].mean() + kernel[n:, n:].mean() - 2 * kernel[:n, n:].mean()


def linear_mmd(source: Tensor, target: Tensor, widths: int = 1, factor: float = 2.0) -> Tensor:
    """Unbiased squared MMD in time linear in the examples (Long et al. 2015, eq. 4; Gretton et al., JMLR 2012, § 6).

    The mean over quadruples (a, b of the source, c, d of the target, each example in one) of
    k(a, b) + k(c, d) − k(a, d) − k(b, c), in kernels around the mean of these squared distances. The larger batch's
    rest and an odd example are left out; 0 where a batch has a single example. May be negative.
    """
    n = min(len(source), len(target)) // 2 * 2
    if not n:
        return (source.sum() + target.sum()) * 0.0
    a, b, c, d = source[0:n:2], source[1:n:2], target[0:n:2], target[1:n:2]
    distances = torch.stack([((x - y) ** 2).sum(1) for x, y in ((a, b), (c, d), (a, d), (b, c))])
    kernel = _kernels(distances, distances.detach().mean(), widths, factor)
    return (kernel[0] + kernel[1] - kernel[2] - kernel[3]).mean()


def coral(source: Tensor, target: Tensor) -> Tensor:
    """‖C_s − C_t‖²_F / (4 d²), C the covariances (Sun & Saenko 2016, eq. 1)."""
    d = source.shape[1]
    difference = torch.cov(source.T) - torch.cov(target.T)
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


def local_mmd(kernel: Tensor, weights: Tensor) -> Tensor:
    """Mean over the classes present of their squared MMD with soft members (Zhu et al. 2020, eq. 7)."""
    present = (weights.abs().sum(0) > 0).sum().clamp_min(1)
    return torch.einsum("ic,ij,jc->", weights, kernel, weights) / present


class DDC(Term):
    """One-kernel MMD of the features, or of a lower layer's output.

    Parameters
    ----------
    stage : int
        Which of the network's stages is aligned, from 1 at the input; 0: the last, which gives the features.
    steepness : float
        Of the ramp, see :func:`wb_deep.terms.ramp`; 0 for none.
    """

    def __init__(self, classes: int, width: int, stage: int = 0, steepness: float = 0.0) -> None:
        super().__init__(classes, width)
        self.stage, self.steepness = stage, steepness
        self._outputs: list[Tensor] = []
        self._hook: Any = None

    def attach(self, network: Any) -> None:
        if self.stage:
            self._hook = network.stages[self.stage - 1].register_forward_hook(self._keep)

    def release(self) -> None:
        if self._hook is not None:
            self._hook.remove()

    def forward(self, step: Step) -> Tensor:
        joint = torch.cat(self._outputs or [step.source_features, step.target_features])
        self._outputs.clear()
        return ramp(step.progress, self.steepness) * mmd(gaussian_kernel(joint), len(step.source_features))

    def _keep(self, module: nn.Module, _: Any, output: Tensor) -> None:
        """The stage's output of each pass of the step: one for both domains, or the source's and then the target's."""
        if module.training:
            self._outputs.append(output.flatten(1))


class DAN(Term):
    """Multi-kernel MMD of the features and, if asked, of the predictions too.

    Parameters
    ----------
    estimator : str
        "quadratic": of all pairs, biased; "linear": see :func:`linear_mmd`.
    layers : str
        "features", or "both": the sum of the distances of the features and of the predicted probabilities.
    steepness : float
        Of the ramp, see :func:`wb_deep.terms.ramp`; 0 for none.
    """

    def __init__(
        self, classes: int, width: int, estimator: str = "quadratic", layers: str = "features", steepness: float = 0.0
    ) -> None:
        super().__init__(classes, width)
        self.linear, self.both, self.steepness = estimator == "linear", layers == "both", steepness

    def forward(self, step: Step) -> Tensor:
        found = self._distance(step.source_features, step.target_features)
        if self.both:
            found = found + self._distance(step.source_logits.softmax(1), step.target_logits.softmax(1))
        return ramp(step.progress, self.steepness) * found

    def _distance(self, source: Tensor, target: Tensor) -> Tensor:
        if self.linear:
            return linear_mmd(source, target, 5)
        return mmd(gaussian_kernel(torch.cat([source, target]), 5), len(source))


class JAN(Term):
    """MMD of features and predictions jointly: the product of their kernels."""

    def forward(self, step: Step) -> Tensor:
        features = torch.cat([step.source_features, step.target_features])
        predictions = torch.cat([step.source_logits, step.target_logits]).softmax(1)
        return mmd(gaussian_kernel(features, 5) * gaussian_kernel(predictions), len(step.source_features))


class DeepCORAL(Term):
    """Covariances of the features and, if asked, of the predictions too.

    Parameters
    ----------
    layers : str
        "features", or "both": the sum of the distances of the features and of the predicted probabilities.
    steepness : float
        Of the ramp, see :func:`wb_deep.terms.ramp`; 0 for none.
    """

    def __init__(self, classes: int, width: int, layers: str = "features", steepness: float = 0.0) -> None:
        super().__init__(classes, width)
        self.both, self.steepness = layers == "both", steepness

    def forward(self, step: Step) -> Tensor:
        found = coral(step.source_features, step.target_features)
        if self.both:
            found = found + coral(step.source_logits.softmax(1), step.target_logits.softmax(1))
        return ramp(step.progress, self.steepness) * found


class DSAN(Term):
    """Local MMD: the same class of both domains, the target's by soft predictions; along a ramp.

    Parameters
    ----------
    steepness : float
        Of the ramp, see :func:`wb_deep.terms.ramp`; 0 for none.
    """

    def __init__(self, classes: int, width: int, steepness: float = 10.0) -> None:
        super().__init__(classes, width)
        self.steepness = steepness

    def forward(self, step: Step) -> Tensor:
        joint = torch.cat([step.source_features, step.target_features])
        weights = local_weights(step.source_labels, step.target_logits.softmax(1).detach())
        return ramp(step.progress, self.steepness) * local_mmd(gaussian_kernel(joint, 5), weights)
