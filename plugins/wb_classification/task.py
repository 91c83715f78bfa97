"""The classification task: one class for each example, whatever the examples are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from wb_classification import examples
from workbench.data.domains import Domain, Predictions
from workbench.data.inputs import Inputs, Labels
from workbench.data.tasks import Task


class ClassificationTask(Task):
    """Feature vectors, texts or images with one class each."""

    unit = "examples"
    reference = "source-only"
    reference_settings = ("features", "scaling")
    kinds = ("matrix", "texts", "images")

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
        return examples.pair("matrix", seed)

    def example_of(self, kind: str, seed: int) -> tuple[Domain, Domain]:
        return examples.pair(kind, seed)


def _items(inputs: Inputs) -> Any:
    """The examples one by one; a sparse matrix does not iterate over rows by itself."""
    return inputs if not hasattr(inputs, "tocsr") else (inputs[i] for i in range(inputs.shape[0]))


def _shown(example: Any) -> str:
    if isinstance(example, str):
        return example
    values = example.toarray().ravel() if hasattr(example, "toarray") else np.ravel(example)
    return " ".join(f"{value:.4g}" for value in values[:6]) + (" …" if len(values) > 6 else "")
