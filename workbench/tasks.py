"""The contract of a task: what its examples are, how they are counted, parsed, shown and stored."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

from workbench.domains import Domain, Inputs, Labels, Predictions


class Task(ABC):
    """One kind of examples and labels, e.g. part-of-speech tagging."""

    unit: ClassVar[str] = "examples"
    """What one example is called, in the plural."""

    def counts(self, domain: Domain) -> dict[str, int]:
        """How much a domain holds, e.g. ``{"sentences": 3914, "tokens": 94084}``."""
        return {self.unit: len(domain)}

    @abstractmethod
    def encode(self, names: Any, classes: tuple[str, ...]) -> Labels:
        """Class ids from the label names that a reader gives; every name is in ``classes``."""

    @abstractmethod
    def class_names(self, names: Any) -> tuple[str, ...]:
        """The class names that occur in a reader's label names, sorted."""

    @abstractmethod
    def parse(self, text: str) -> Inputs:
        """Examples from text that a user typed or piped, for ``wb predict``."""

    @abstractmethod
    def render(self, inputs: Inputs, predictions: Predictions) -> list[str]:
        """One line of text for each predicted example, for ``wb predict``."""

    @abstractmethod
    def rows(self, inputs: Inputs, labels: Labels, classes: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        """One JSON object for each example, with ``"input"`` and ``"label"``, for ``predictions.jsonl``."""

    @abstractmethod
    def example(self, seed: int) -> tuple[Domain, Domain]:
        """A small labelled source and a small labelled, shifted target on which a method fits in a second."""
