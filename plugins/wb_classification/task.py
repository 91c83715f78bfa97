"""The classification task: one class for each example, whatever the examples are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from workbench.domains import Domain, Inputs, Labels, Predictions
from workbench.tasks import Task


class ClassificationTask(Task):
    """Feature vectors, texts or images with one class each."""

    unit = "examples"

    def class_names(self, names: Any) -> tuple[str, ...]:
        return tuple(sorted(set(names)))

    def encode(self, names: Any, classes: tuple[str, ...]) -> Labels:
        position = {name: i for i, name in enumerate(classes)}
        return np.array([position[name] for name in names], dtype=np.int64)

    def parse(self, text: str) -> Inputs:
        return [line for line in text.split("\n") if line.strip()]

    def render(self, inputs: Inputs, predictions: Predictions) -> list[str]:
        names = predictions.classes
        return [f"{names[y]}\t{_shown(x)}" for x, y in zip(_items(inputs), predictions.labels, strict=True)]

    def rows(self, inputs: Inputs, labels: Labels, classes: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        for number, (x, y) in enumerate(zip(_items(inputs), labels, strict=True)):
            yield {"input": x if isinstance(x, str) else number, "label": classes[y]}

    def example(self, seed: int) -> tuple[Domain, Domain]:
        generator = np.random.default_rng(seed)
        return _blobs("source", 0.0, generator), _blobs("target", 0.8, generator)


def _blobs(side: str, shift: float, generator: np.random.Generator) -> Domain:
    """80 points of three Gaussian classes in five dimensions, moved and stretched by ``shift``."""
    labels = np.arange(80) % 3
    centres = 3.0 * np.eye(5)[:3]
    x = centres[labels] + generator.normal(size=(80, 5))
    x = x * (1 + shift * np.linspace(0, 1, 5)) + shift
    return Domain(f"example {side}", "classification", x, labels, ("one", "three", "two"))


def _items(inputs: Inputs) -> Any:
    """The examples one by one; a sparse matrix does not iterate over rows by itself."""
    return inputs if not hasattr(inputs, "tocsr") else (inputs[i] for i in range(inputs.shape[0]))


def _shown(example: Any) -> str:
    if isinstance(example, str):
        return example
    values = example.toarray().ravel() if hasattr(example, "toarray") else np.ravel(example)
    return " ".join(f"{value:.4g}" for value in values[:6]) + (" …" if len(values) > 6 else "")
