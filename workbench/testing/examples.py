"""What the checks try things on: a task's example domains, handed over read-only, and what can be told of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from workbench.data.domains import Domain, Predictions
from workbench.data.inputs import Inputs, Labels, kind_of
from workbench.data.tasks import Task
from workbench.plugins.loading import Host
from workbench.testing.checking import Failed


def task_of(name: str, host: Host) -> Task:
    task: Task = host.tasks.get(name).load()()
    return task


def example(task: Task, kinds: tuple[str, ...], seed: int) -> tuple[Domain, Domain]:
    """The task's example source and target, of the first of the ``kinds`` of inputs that are given; read-only."""
    source, target = task.example_of(kinds[0], seed) if kinds else task.example(seed)
    for domain in (source, target):
        freeze(domain.inputs)
        freeze(domain.gold)
    return source, target


def example_of_kind(kind: str, host: Host, seed: int) -> tuple[Domain, Domain]:
    """An example of some task with inputs of that kind. Raises :class:`Failed` where no task has one."""
    from workbench.errors import WbError

    for entry in host.tasks:
        try:
            source, target = example(entry.load()(), (kind,), seed)
        except WbError:
            continue
        arrays = kind != "images" or isinstance(source.inputs[0], np.ndarray)  # what else is called images too
        if kind_of(source.inputs) == kind and arrays:
            return source, target
    raise Failed(f"no installed task has an example with inputs of kind '{kind}'")


def freeze(values: Any) -> None:
    """Make every array of some inputs or labels read-only, so that writing into them is told at once."""
    if isinstance(values, np.ndarray):
        values.flags.writeable = False
    elif hasattr(values, "tocsr"):
        values.data.flags.writeable = False
    elif isinstance(values, list | tuple):
        for value in values:
            if isinstance(value, np.ndarray):
                value.flags.writeable = False


def relabelled_at_random(domain: Domain) -> Domain:
    """The same examples with labels that are permuted: among the examples, or within each sequence."""
    gold = domain.labels
    if isinstance(gold, np.ndarray):
        return replace(domain, gold=gold[np.random.default_rng(0).permutation(len(gold))])
    return replace(domain, gold=[np.roll(row, 1) for row in gold])


def sure(labels: Labels, classes: tuple[str, ...]) -> Predictions:
    """Predictions that say these labels with a probability of nearly 1."""

    def probabilities(ids: Any) -> np.ndarray:
        return (np.eye(len(classes))[np.asarray(ids, dtype=np.int64)] + 0.01) / (1 + 0.01 * len(classes))

    if isinstance(labels, np.ndarray):
        real = labels.dtype.kind == "f"
        return Predictions(labels, classes, None if real else probabilities(labels))
    return Predictions(labels, classes, [probabilities(row) for row in labels])


def label_names(domain: Domain) -> list[Any]:
    """The labels as a reader gives them: names, lists of names, or numbers for labels that are numbers."""

    def names(labels: Labels) -> list[Any]:
        array = np.asarray(labels)
        return array.tolist() if array.dtype.kind == "f" else [domain.classes[label] for label in array.tolist()]

    return names(domain.labels) if isinstance(domain.labels, np.ndarray) else [names(row) for row in domain.labels]


def same(first: Predictions, second: Predictions, complaint: str, tolerance: float = 0.0) -> None:
    """Raises :class:`Failed` unless labels are equal, and probabilities and real labels are within ``tolerance``.

    That of real labels is a share of the largest.
    """
    slack = 0.0
    if isinstance(first.labels, np.ndarray) and first.labels.dtype.kind == "f":
        slack = tolerance * float(np.max(np.abs(first.labels[np.isfinite(first.labels)]), initial=0))
    equal = first.classes == second.classes and _equal(first.labels, second.labels, slack)
    if not equal:
        raise Failed(complaint)
    if (first.probabilities is None) != (second.probabilities is None):
        raise Failed(f"{complaint}: only one of the two has probabilities")
    if first.probabilities is not None and not _equal(first.probabilities, second.probabilities, tolerance):
        raise Failed(f"{complaint}, in their probabilities")


def _equal(first: Any, second: Any, tolerance: float) -> bool:
    if len(first) != len(second):
        return False
    return all(
        np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=0, atol=tolerance, equal_nan=True)
        for a, b in zip(first, second, strict=True)
    )


def as_bytes(inputs: Inputs) -> bytes:
    """Something that changes when the inputs do."""
    if isinstance(inputs, np.ndarray):
        return inputs.tobytes()
    return repr([x.tobytes() if isinstance(x, np.ndarray) else x for x in _items(inputs)]).encode()


def _items(inputs: Inputs) -> Iterator[Any]:
    return iter(inputs.toarray().tolist() if hasattr(inputs, "toarray") else inputs)
