"""Gaussian kernels and the maximum mean discrepancies that they give."""

from __future__ import annotations

import torch
from torch import Tensor


def gaussian_kernel(x: Tensor, widths: int = 1, factor: float = 2.0, bandwidth: float = 1.0) -> Tensor:
    """Sum of ``widths`` Gaussian kernels around ``bandwidth`` times the mean squared distance, shape (n, n).

    k(a, b) = Σ exp(−‖a − b‖² / (β · factorᵏ)), β that product over the n examples, k centred on 0.
    """
    squares = (x * x).sum(1)
    distances = (squares[:, None] + squares[None, :] - 2 * x @ x.T).clamp_min(0)
    n = len(x)
    return _kernels(distances, bandwidth * distances.detach().sum() / max(1, n * n - n), widths, factor)


def _kernels(distances: Tensor, mean: Tensor, widths: int, factor: float) -> Tensor:
    """Σ exp(−distances / (mean · factorᵏ)), k centred on 0."""
    scales = [mean.clamp_min(1e-12) * factor ** (k - widths // 2) for k in range(widths)]
    return torch.stack([torch.exp(-distances / scale) for scale in scales]).sum(0)


def mmd(kernel: Tensor, n: int, weights: Tensor | None = None) -> Tensor:
    """Biased squared MMD between the first ``n`` rows of a kernel matrix and the others.

    ``weights`` (n,), of sum 1, are those of the first rows; all weigh the same without.
    """
    if weights is None:
        return kernel[:n, :n].mean() + kernel[n:, n:].mean() - 2 * kernel[:n, n:].mean()
    others = kernel[n:, n:].mean() - 2 * weights @ kernel[:n, n:].mean(1)
    return weights @ kernel[:n, :n] @ weights + others


def linear_mmd(
    source: Tensor, target: Tensor, widths: int = 1, factor: float = 2.0, weights: Tensor | None = None
) -> Tensor:
    """Unbiased squared MMD in time linear in the examples (Long et al. 2015, eq. 4; Gretton et al., JMLR 2012, § 6).

    The mean over quadruples (a, b of the source, c, d of the target, each example in one) of
    k(a, b) + k(c, d) − k(a, d) − k(b, c), in kernels around the mean of these squared distances. The larger batch's
    rest and an odd example are left out; 0 where a batch has a single example. May be negative. With ``weights`` (n,)
    of the source, of sum 1, its examples count n times as much as these say.
    """
    n = min(len(source), len(target)) // 2 * 2
    if not n:
        return (source.sum() + target.sum()) * 0.0
    a, b, c, d = source[0:n:2], source[1:n:2], target[0:n:2], target[1:n:2]
    distances = torch.stack([((x - y) ** 2).sum(1) for x, y in ((a, b), (c, d), (a, d), (b, c))])
    kernel = _kernels(distances, distances.detach().mean(), widths, factor)
    if weights is None:
        return (kernel[0] + kernel[1] - kernel[2] - kernel[3]).mean()
    of_a, of_b = len(source) * weights[0:n:2], len(source) * weights[1:n:2]
    return (of_a * of_b * kernel[0] + kernel[1] - of_a * kernel[2] - of_b * kernel[3]).mean()
