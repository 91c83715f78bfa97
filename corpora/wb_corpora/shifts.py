"""Generated shifts between two domains of feature vectors, for teaching and for tests.

Each kind breaks exactly one thing between source and target: the inputs' distribution (covariate, and, with real
labels, regression), the classes' (target), the inputs given the class (conditional), or the subspace in which the
classes differ (subspace).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from workbench.data.corpus import Corpus
from workbench.data.generators import Generator
from workbench.data.readers import Examples
from workbench.errors import UsageError
from workbench.settings import Settings

KINDS = ("covariate", "target", "conditional", "subspace", "regression")
DOMAINS = tuple(f"{kind}-{side}" for kind in KINDS for side in ("source", "target"))
SPLITS = ("train", "unlabelled", "dev", "test")


class Shift(Generator):
    """The collection ``shift``: ``shift/<kind>-<side>``, feature vectors of three classes or with real labels."""

    class Params(Settings):
        """Settings of a generated domain."""

        n: int = Field(300, ge=20, le=1_000_000, description="Examples in each split.")
        dimensions: int = Field(8, ge=3, le=10_000, description="Features.")
        seed: int = Field(0, ge=0, description="Seed of the examples.")

    def make(self, domain: str) -> Corpus:
        if domain not in DOMAINS:
            raise UsageError(f"no generated shift '{domain}'; there are: {', '.join(DOMAINS)}")
        kind, _, side = domain.rpartition("-")
        task = "regression" if kind == "regression" else "classification"
        chosen = self.params

        def read(split: str, labelled: bool) -> Examples:
            seed = [chosen.seed, DOMAINS.index(domain), SPLITS.index(split)]
            x, y = draw(kind, side, chosen.n, chosen.dimensions, np.random.default_rng(seed))
            names = y.tolist() if task == "regression" else [f"class {label}" for label in y]
            return Examples(x, names if labelled else None)

        return Corpus(
            name=f"shift/{domain}",
            task=task,
            edition="generated",
            splits=SPLITS,
            read=read,
            title=f"generated, {'covariate' if task == 'regression' else kind} shift",
            digests={key: str(value) for key, value in chosen.model_dump().items()},
        )


def draw(kind: str, side: str, n: int, d: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """n examples with d features: features (n, d) and labels (n,), of three classes or, for regression, real."""
    if kind == "regression":
        return _parabola(side == "target", n, d, generator)
    target = side == "target"
    centres = np.zeros((3, d))
    centres[1, 0], centres[2, 1] = 3.0, 3.0
    priors = np.array([0.1, 0.2, 0.7]) if kind == "target" and target else np.full(3, 1 / 3)
    labels = generator.choice(3, size=n, p=priors)
    x = centres[labels] + generator.normal(size=(n, d))
    if kind == "covariate":
        x, labels = _covariate(target, n, d, generator)
    elif kind == "conditional" and target:
        x = x + 1.5 * labels[:, None] * _direction(d, 2) - 1.5 * _direction(d, 0)
    elif kind == "subspace" and target:
        x = x @ _rotation(d)
    return x, labels


def _covariate(target: bool, n: int, d: int, generator: np.random.Generator) -> tuple[Any, Any]:
    """One labelling rule, a curve; the target lies at another stretch of it."""
    x = generator.normal(size=(n, d))
    x[:, 0] += 1.5 if target else -0.5
    height = x[:, 1] - np.sin(1.5 * x[:, 0])
    return x, np.digitize(height, [-0.5, 0.5])


def _parabola(target: bool, n: int, d: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """y = x₀² + x₁ + noise: no straight line fits the source's whole parabola; the target lies on its right arm."""
    x = generator.normal(size=(n, d))
    if target:
        x[:, 0] = 1.0 + 0.5 * x[:, 0]
    return x, x[:, 0] ** 2 + x[:, 1] + generator.normal(0, 0.5, n)


def _direction(d: int, axis: int) -> np.ndarray:
    direction = np.zeros(d)
    direction[axis] = 1.0
    return direction


def _rotation(d: int, angle: float = np.pi / 4) -> np.ndarray:
    """A rotation of the planes (0, 2) and, where there is one, (1, 3)."""
    rotation = np.eye(d)
    for i, j in ((0, 2), (1, 3)):
        if j < d:
            rotation[[i, i, j, j], [i, j, i, j]] = np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)
    return rotation
