"""Images as the squares that networks trained on ImageNet see."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional


def colour(image: np.ndarray) -> Tensor:
    """An image, grey or with channels last, as float32 (3, height, width) in 0 … 1."""
    values = torch.from_numpy(np.ascontiguousarray(image, dtype=np.float32))
    if image.dtype == np.uint8:
        values = values / 255.0
    return values.expand(3, *values.shape) if values.ndim == 2 else values[:, :, :3].permute(2, 0, 1)


def squared(image: Tensor, side: int) -> Tensor:
    """An image (3, height, width) in 0 … 1 as (3, side, side): the shorter side resized, then the middle cut out."""
    height, width = image.shape[1:]
    scale = side / min(height, width)
    size = (max(side, round(height * scale)), max(side, round(width * scale)))
    resized = functional.interpolate(image[None], size, mode="bicubic", antialias=True)[0].clamp(0, 1)
    top, left = (size[0] - side) // 2, (size[1] - side) // 2
    return resized[:, top : top + side, left : left + side]


def squares(images: Iterable[np.ndarray], side: int) -> Tensor:
    """Images as one uint8 tensor (n, 3, side, side): a quarter of the memory of floats."""
    parts = [(squared(colour(np.asarray(image)), side) * 255).round().to(torch.uint8) for image in images]
    return torch.stack(parts) if parts else torch.zeros((0, 3, side, side), dtype=torch.uint8)
