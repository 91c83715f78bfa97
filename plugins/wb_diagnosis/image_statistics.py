"""Numbers that say what an image looks like as a whole."""

from __future__ import annotations

import numpy as np

from wb_diagnosis.features import grey, kind
from workbench.data.checks import NotApplicable
from workbench.data.inputs import Inputs
from workbench.data.pairs import Pair

NAMES = ("brightness", "contrast", "saturation", "edges", "fine detail", "height", "width")


def image_statistics(pair: Pair) -> tuple[np.ndarray, np.ndarray]:
    """The statistics :data:`NAMES` of each image of both samples: shapes (n, 7) and (m, 7)."""
    if pair.computed(kind) != "images":
        raise NotApplicable("the examples are no images")
    return _statistics(pair.source.inputs), _statistics(pair.target.inputs)


def _statistics(images: Inputs) -> np.ndarray:
    return np.array([_of_one(np.asarray(image)) for image in images]).reshape(-1, len(NAMES))


def _of_one(image: np.ndarray) -> tuple[float, ...]:
    """Edges is the mean step between neighbours, fine detail what of it a blur of two pixels takes away: a share."""
    values = grey(image)
    saturation = float(np.ptp(image[..., :3], axis=-1).mean()) if image.ndim == 3 and image.shape[-1] >= 3 else 0.0
    step = float(np.abs(np.diff(values, axis=1)).mean()) if values.shape[1] > 1 else 0.0
    blurred = (values[:, 1:] + values[:, :-1]) / 2
    kept = float(np.abs(np.diff(blurred, axis=1)).mean()) if blurred.shape[1] > 1 else 0.0
    fine = 1 - kept / step if step > 0 else 0.0
    return float(values.mean()), float(values.std()), saturation, step, fine, *map(float, values.shape[:2])
