"""Both domains drawn with characters: the density of each in the first two principal components."""

from __future__ import annotations

import numpy as np

from wb_diagnosis.components import components
from workbench.data.checks import NotApplicable
from workbench.data.pairs import Pair

ROWS = 6

DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bits of a Braille character's dots, row by row."""

BRAILLE = 0x2800


def scatter(pair: Pair, columns: int) -> list[str]:
    """Two plots side by side over the same axes, source and target; none where there is nothing to draw."""
    try:
        points = pair.computed(components)
    except NotApplicable:
        return []
    if points.source.shape[1] < 2:
        return []
    both = np.concatenate([points.source[:, :2], points.target[:, :2]])
    low, high = np.quantile(both, [0.01, 0.99], axis=0)
    across = (columns - 3) // 2
    drawn = [braille(side[:, :2], low, high, across) for side in (points.source, points.target)]
    head = f"{'source':<{across}} │ target (two principal components)"
    return [head[:columns], *(f"{left} │ {right}" for left, right in zip(*drawn, strict=True))]


def braille(points: np.ndarray, low: np.ndarray, high: np.ndarray, across: int, rows: int = ROWS) -> list[str]:
    """Points (n, 2) between two corners as ``rows`` lines of ``across`` Braille characters."""
    span = np.where(high > low, high - low, 1.0)
    inside = points[np.all((points >= low) & (points <= high), axis=1)]
    cells = np.minimum(((inside - low) / span * (2 * across, 4 * rows)).astype(int), (2 * across - 1, 4 * rows - 1))
    signs = np.zeros((rows, across), dtype=int)
    for x, y in cells:
        y = 4 * rows - 1 - y
        signs[y // 4, x // 2] |= DOTS[y % 4][x % 2]
    return ["".join(chr(BRAILLE + sign) for sign in row) for row in signs]
