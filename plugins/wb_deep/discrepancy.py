"""Distances between the domains' features: MMD in several forms, and CORAL.

References
----------
Tzeng et al. (2014), DDC; Long et al. (ICML 2015), DAN; Long et al. (ICML 2017), JAN; Sun & Saenko (2016), Deep
CORAL; Zhu et al. (TNNLS 2020), DSAN.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from wb_deep.terms import Step, Term, ramp


def gaussian_kernel(x: Tensor, widths: int = 1, factor: float = 2.0) -> Tensor:
    """Sum of ``widths`` Gaussian kernels around the mean squared distance, shape (n, n).

    k(a, b) = Σ exp(−‖a − b‖² / (β · factorᵏ)), β the mean squared distance of the n examples, k centred on 0.
    """
    squares = (x * x).sum(1)
    distances = (squares[:, None] + squares[None, :] - 2 * x @ x.T).clamp_min(0)
    n = len(x)
    mean = (distances.detach().sum() / max(1, n * n - n)).clamp_min(1e-12)
    kernels = [torch.exp(-distances / (mean * factor ** (k - widths // 2))) for k in range(widths)]
    return torch.stack(kernels).sum(0)


def mmd(kernel: Tensor, n: int) -> Tensor:
    """Biased squared MMD between the first ``n`` rows of a kernel matrix and the others."""
    return kernel[:n, :n].mean() + kernel[n:, n:].mean() - 2 * kernel[:n, n:].mean()


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
    """One-kernel MMD of the features."""

    def forward(self, step: Step) -> Tensor:
        joint = torch.cat([step.source_features, step.target_features])
        return mmd(gaussian_kernel(joint), len(step.source_features))


class DAN(Term):
    """Multi-kernel MMD of the features."""

    def forward(self, step: Step) -> Tensor:
        joint = torch.cat([step.source_features, step.target_features])
        return mmd(gaussian_kernel(joint, 5), len(step.source_features))


class JAN(Term):
    """MMD of features and predictions jointly: the product of their kernels."""

    def forward(self, step: Step) -> Tensor:
        features = torch.cat([step.source_features, step.target_features])
        predictions = torch.cat([step.source_logits, step.target_logits]).softmax(1)
        return mmd(gaussian_kernel(features, 5) * gaussian_kernel(predictions), len(step.source_features))


class DeepCORAL(Term):
    """Covariances of the features."""

    def forward(self, step: Step) -> Tensor:
        return coral(step.source_features, step.target_features)


class DSAN(Term):
    """Local MMD: the same class of both domains, the target's by soft predictions."""

    def forward(self, step: Step) -> Tensor:
        joint = torch.cat([step.source_features, step.target_features])
        weights = local_weights(step.source_labels, step.target_logits.softmax(1).detach())
        return ramp(step.progress) * local_mmd(gaussian_kernel(joint, 5), weights)
