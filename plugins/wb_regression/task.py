"""The regression task: one real number for each example, whatever the examples are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from wb_regression import examples
from workbench.data.domains import Domain, Predictions
from workbench.data.inputs import Inputs, Labels, iterate, shortened
from workbench.data.tasks import Task
from workbench.errors import UsageError


class RegressionTask(Task):
    """Feature vectors or texts with one real number each."""

    unit = "examples"
    kinds = ("matrix", "texts")
    label_kind = "real"
    reference = "source-only"
    reference_settings = ("features", "scaling")

    def class_names(self, names: Any) -> tuple[str, ...]:
        return ()

    def encode(self, names: Any, classes: tuple[str, ...]) -> Labels:
        return np.asarray(names, dtype=np.float64)

    def parse(self, text: str) -> Inputs:
        """Lines of numbers, separated by blanks, commas or tabs, are feature vectors; any other lines are texts."""
        lines = [line for line in text.split("\n") if line.strip()]
        try:
            rows = [[float(cell) for cell in line.replace(",", " ").split()] for line in lines]
        except ValueError:
            return lines
        widths = sorted({len(row) for row in rows})
        if len(widths) > 1:
            raise UsageError(f"lines of {widths[0]} and of {widths[-1]} numbers; give as many features in every line")
        return np.array(rows, dtype=np.float64)

    def render(self, inputs: Inputs, predictions: Predictions) -> list[str]:
        return [f"{y:.6g}\t{shortened(x)}" for x, y in zip(iterate(inputs), predictions.labels, strict=True)]

    def rows(self, inputs: Inputs, labels: Labels, classes: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        for number, (x, y) in enumerate(zip(iterate(inputs), labels, strict=True)):
            yield {"input": x if isinstance(x, str) else number, "label": float(y)}

    def example(self, seed: int) -> tuple[Domain, Domain]:
        return examples.pair("matrix", seed)

    def example_of(self, kind: str, seed: int) -> tuple[Domain, Domain]:
        return examples.pair(kind, seed)
