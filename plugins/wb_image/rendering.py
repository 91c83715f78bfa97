"""Digits drawn with Matplotlib's own fonts, each distorted by chance."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.ft2font import FT2Font

FAMILIES = ("DejaVuSans", "DejaVuSerif", "STIXGeneral", "DejaVuSansMono", "cmr10", "cmss10", "cmtt10", "cmb10")
"""Beginnings of the names of bundled fonts that have figures of the usual form."""

CANVAS = 64
"""Pixels of the square on which a digit is drawn before it is distorted and made small."""


def render(n: int, size: int, noise: float, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """``n`` images (n, size, size) as bytes, white on black, and their digits (n,)."""
    shapes = [[_glyph(font, str(digit)) for digit in range(10)] for font in bundled_fonts()]
    labels = generator.integers(0, 10, size=n)
    fonts = generator.integers(0, len(shapes), size=n)
    images = np.stack(
        [_distorted(shapes[f][d], size, noise, generator) for f, d in zip(fonts.tolist(), labels.tolist(), strict=True)]
    )
    return np.round(255 * images).astype(np.uint8), labels


def bundled_fonts() -> list[Path]:
    """The font files that are used, in order of their names."""
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return [
        path for path in sorted(folder.glob("*.ttf")) if path.stem.startswith(FAMILIES) and "Display" not in path.stem
    ]


def _glyph(font_file: Path, digit: str) -> np.ndarray:
    """A digit, as high as two thirds of the canvas, in its middle; values in [0, 1]."""
    font = FT2Font(str(font_file))
    font.set_size(CANVAS, 72)
    font.set_text(digit, 0.0)
    font.draw_glyphs_to_bitmap(antialiased=True)
    glyph = np.asarray(font.get_image(), dtype=np.float64) / 255
    rows, columns = np.flatnonzero(glyph.any(axis=1)), np.flatnonzero(glyph.any(axis=0))
    glyph = glyph[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1][:CANVAS, :CANVAS]
    canvas = np.zeros((CANVAS, CANVAS))
    top, left = (CANVAS - glyph.shape[0]) // 2, (CANVAS - glyph.shape[1]) // 2
    canvas[top : top + glyph.shape[0], left : left + glyph.shape[1]] = glyph
    return canvas


def _distorted(glyph: np.ndarray, size: int, noise: float, generator: np.random.Generator) -> np.ndarray:
    """Turned, sheared, stretched, moved, made bolder or finer, blurred, made small, with noise."""
    from scipy.ndimage import affine_transform, gaussian_filter, grey_dilation, grey_erosion

    angle, shear = generator.normal(0, 0.15), generator.normal(0, 0.15)
    stretch = generator.uniform(0.8, 1.25, size=2)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.array([[1.0, 0.0], [shear, 1.0]]) @ np.diag(stretch)
    middle = np.full(2, (CANVAS - 1) / 2)
    offset = middle - matrix @ (middle + generator.uniform(-4, 4, size=2))
    moved = affine_transform(glyph, matrix, offset=offset, order=1)
    thickness = generator.integers(-1, 3)
    if thickness:
        moved = (grey_dilation if thickness > 0 else grey_erosion)(moved, size=(abs(thickness) + 1,) * 2)
    blurred = gaussian_filter(moved, generator.uniform(0.5, 2.0) * CANVAS / (2 * size))
    first = 0.5 * CANVAS / size - 0.5
    small = affine_transform(blurred, np.full(2, CANVAS / size), offset=first, output_shape=(size, size), order=1)
    small = small / max(small.max(), 1e-6) * generator.uniform(0.7, 1.0)
    return np.clip(small + generator.normal(0, noise, size=small.shape), 0, 1)
