"""The tagging task: sentences of words, one tag a word."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np

from wb_text import toy
from wb_text.tokenise import sentences, tokenise
from workbench.data.domains import Domain, Predictions
from workbench.data.inputs import Inputs, Labels
from workbench.data.tasks import Task


class TaggingTask(Task):
    """Part-of-speech tagging and other labellings of words."""

    unit = "sentences"
    reference = "source-only"
    estimator = "consensus"
    kinds = ("sentences",)
    label_kind = "sequence"

    def counts(self, domain: Domain) -> dict[str, int]:
        return {"sentences": len(domain), "tokens": sum(map(len, domain.inputs))}

    def class_names(self, names: Any) -> tuple[str, ...]:
        return tuple(sorted(set(chain.from_iterable(names))))

    def encode(self, names: Any, classes: tuple[str, ...]) -> Labels:
        position = {name: i for i, name in enumerate(classes)}
        return [np.array([position[name] for name in row], dtype=np.int64) for row in names]

    def parse(self, text: str) -> Inputs:
        return [tokenise(sentence) for sentence in sentences(text)]

    def render(self, inputs: Inputs, predictions: Predictions) -> list[str]:
        names = predictions.classes
        return [
            " ".join(f"{word}/{names[y]}" for word, y in zip(words, labels, strict=True))
            for words, labels in zip(inputs, predictions.labels, strict=True)
        ]

    def rows(self, inputs: Inputs, labels: Labels, classes: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        for words, row in zip(inputs, labels, strict=True):
            yield {"input": list(words), "label": [classes[y] for y in row]}

    def example(self, seed: int) -> tuple[Domain, Domain]:
        return toy.domains(seed)
