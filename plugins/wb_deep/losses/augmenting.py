"""Weak and strong changes of examples that leave their class as it is.

References
----------
Sohn et al. (NeurIPS 2020), FixMatch, § 2.3: weak is flip-and-shift, strong is RandAugment followed by Cutout.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

SHIFT = 0.125
"""Of the side, at most (FixMatch)."""

TURN = math.radians(30)

SCALE = 0.2

SHEAR = 0.3

CONTRAST = 0.5

NOISE = 0.1

DROPPED = 0.3


def weak(x: Tensor) -> Tensor:
    """Images (n, channels, height, width) shifted by up to an eighth; vectors (n, d) with a little noise.

    Images may be uint8, and become floats in 0 … 1.
    """
    if x.ndim == 2:
        return x + NOISE * torch.randn_like(x)
    if x.dtype == torch.uint8:
        return weak(x / 255)
    none = torch.zeros(len(x), device=x.device)
    return _moved(x, none, none, none)


def strong(x: Tensor) -> Tensor:
    """Images turned, scaled, sheared, shifted, with another contrast and a square cut out; vectors with a part at 0."""
    if x.ndim == 2:
        return weak(x) * (torch.rand_like(x) >= DROPPED)
    if x.dtype == torch.uint8:
        return (strong(x / 255 - 0.5) + 0.5).clamp(0, 1)
    n = len(x)
    turn, scale, shear = (_uniform(n, x) * most for most in (TURN, SCALE, SHEAR))
    out = _moved(x, turn, scale, shear)
    out = out * (1 + CONTRAST * _uniform(n, x))[:, None, None, None]
    return _cut(out)


def _moved(x: Tensor, turn: Tensor, scale: Tensor, shear: Tensor) -> Tensor:
    """Images through a random shift and the given turns, scalings (0: none) and shears, shape (n,) each."""
    zoom = 1 + scale
    cos, sin = turn.cos() / zoom, turn.sin() / zoom
    rows = [cos, shear * cos - sin, 2 * SHIFT * _uniform(len(x), x), sin, shear * sin + cos]
    matrix = torch.stack([*rows, 2 * SHIFT * _uniform(len(x), x)], dim=1).view(-1, 2, 3)
    grid = functional.affine_grid(matrix, list(x.shape), align_corners=False)
    return functional.grid_sample(x, grid, padding_mode="border", align_corners=False)


def _cut(x: Tensor) -> Tensor:
    """A square of up to half the side at 0, the mean of the data."""
    n, _, height, width = x.shape
    half = torch.rand(n, 1, device=x.device) * 0.25
    row, column = torch.rand(n, 1, device=x.device), torch.rand(n, 1, device=x.device)
    down = ((torch.arange(height, device=x.device) + 0.5) / height - row).abs() < half
    across = ((torch.arange(width, device=x.device) + 0.5) / width - column).abs() < half
    return x * ~(down[:, None, :, None] & across[:, None, None, :])


def _uniform(n: int, like: Tensor) -> Tensor:
    """(n,) between −1 and 1."""
    return torch.rand(n, device=like.device, dtype=like.dtype) * 2 - 1
