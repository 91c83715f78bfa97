"""The contract of a task: what its examples are, how they are counted, parsed, shown and stored."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from workbench.data.domains import Domain, Predictions
from workbench.data.inputs import Inputs, LabelKind, Labels, kind_in_words, kind_of
from workbench.errors import UsageError


class Task(ABC):
    """One kind of examples and labels, e.g. part-of-speech tagging."""

    unit: ClassVar[str] = "examples"
    """What one example is called, in the plural."""

    reference: ClassVar[str] = ""
    """The task's plain method, beside which every run of another one stands, e.g. the usual classifier."""

    estimator: ClassVar[str] = ""
    """What estimates the accuracy of its models on a target without labels; empty where nothing can."""

    reference_settings: ClassVar[tuple[str, ...]] = ()
    """Settings that the user gives a method and that its reference takes over too, e.g. which features."""

    kinds: ClassVar[tuple[str, ...]] = ()
    """The kinds of inputs that it is about, as ``workbench.data.inputs.kind_of`` names them; empty: any."""

    label_kind: ClassVar[LabelKind] = "classes"
    """What its labels are; a task with real labels has no classes: :meth:`class_names` gives none."""

    def check_inputs(self, domain: Domain) -> None:
        """Raises :class:`UsageError` where a domain holds inputs of a kind that is not in :attr:`kinds`."""
        kind = kind_of(domain.inputs)
        if self.kinds and len(domain) and kind not in self.kinds:
            needed = " or ".join(map(kind_in_words, self.kinds))
            raise UsageError(
                f"'{domain.name}' holds {kind_in_words(kind)}, but {domain.task} needs {needed}; "
                "give other data, or name the reader"
            )

    def counts(self, domain: Domain) -> dict[str, int]:
        """How much a domain holds, e.g. ``{"sentences": 3914, "tokens": 94084}``."""
        return {self.unit: len(domain)}

    def choose_shots(self, domain: Domain, wanted: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Which labelled target examples a method is given, and which must then not be scored: two index arrays.

        By default ``wanted`` examples of each class; of sequences and of examples with real labels ``wanted`` at
        random. The given ones are not scored.
        """
        order = np.random.default_rng(seed).permutation(len(domain))
        if self.label_kind == "classes":
            labels = np.asarray(domain.labels)
            chosen = np.concatenate([order[labels[order] == c][:wanted] for c in range(len(domain.classes))])
        else:
            chosen = order[:wanted]
        return np.sort(chosen), np.sort(chosen)

    @abstractmethod
    def encode(self, names: Any, classes: tuple[str, ...]) -> Labels:
        """Labels from what a reader gives: ids of class names, all of them in ``classes``; or the real numbers."""

    @abstractmethod
    def class_names(self, names: Any) -> tuple[str, ...]:
        """The class names that occur in a reader's label names, sorted; none where labels are real numbers."""

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

    def example_of(self, kind: str, seed: int) -> tuple[Domain, Domain]:
        """The same with inputs of one kind (see ``workbench.data.inputs.kind_of``), for a method that takes no other.

        A task whose inputs are of one kind has only :meth:`example` to give.
        """
        return self.example(seed)
