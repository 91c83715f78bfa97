"""One picture, from bytes to a small array."""

from __future__ import annotations

import io

import numpy as np

from workbench.plugins.entries import missing_extra


def decoded(data: bytes, name: str, size: int, grey: bool) -> np.ndarray | None:
    """Bytes (size, size, 3), or (size, size) without colours; None where the picture is corrupt.

    Raises :class:`NotInstalled` where Pillow is missing.
    """
    try:
        from PIL import Image
    except ModuleNotFoundError:
        raise missing_extra(name, "Pillow", "images") from None
    try:
        with Image.open(io.BytesIO(data)) as found:
            converted = found.convert("L" if grey else "RGB")
            return np.asarray(converted if converted.size == (size, size) else converted.resize((size, size)))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
