"""The classification task: one class for each example, whatever the examples are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from wb_classification import examples
from workbench.data.domains import Domain, Predictions
from workbench.data.inputs import Inputs, Labels, iterate, shortened
from workbench.data.tasks import Task


class ClassificationTask(Task):
    """Feature vectors, texts or images with one class each."""

    unit = "examples"
    reference = "source-only"
    estimator = "consensus"
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
        return [f"{names[y]}\t{shortened(x)}" for x, y in zip(iterate(inputs), predictions.labels, strict=True)]

    def rows(self, inputs: Inputs, labels: Labels, classes: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        for number, (x, y) in enumerate(zip(iterate(inputs), labels, strict=True)):
            yield {"input": x if isinstance(x, str) else number, "label": classes[y]}

    def example(self, seed: int) -> tuple[Domain, Domain]:
        return examples.pair("matrix", seed)

    def example_of(self, kind: str, seed: int) -> tuple[Domain, Domain]:
        return examples.pair(kind, seed)
