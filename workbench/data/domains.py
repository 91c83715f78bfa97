"""Domains, problems and predictions: the few values that flow through a run.

A :class:`Domain` is immutable. The target that a method receives is made by :meth:`Domain.unlabelled`: it has
no labels to find, because the gold is read, after the prediction, by the run alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from workbench.data.inputs import Inputs, Labels, Shape, concatenate, convert, count, select
from workbench.errors import DataError, LabelsWithheld, UsageError


@dataclass(frozen=True, eq=False)
class Domain:
    """Examples drawn from one distribution.

    Parameters
    ----------
    name : str
        What the user calls it, e.g. ``"wsj"`` or ``"office-caltech-surf/amazon"``.
    task : str
        The registered task that the examples belong to, e.g. ``"tagging"``.
    inputs : Inputs
        n examples.
    gold : Labels, optional
        The class ids of the examples; read them through :attr:`labels`.
    classes : tuple of str
        Class names; label ``i`` means ``classes[i]``.
    documents : ndarray of int, shape (n,), optional
        The number of the document that each example is from, where that is known.
    """

    name: str
    task: str
    inputs: Inputs
    gold: Labels | None = field(default=None, repr=False)
    classes: tuple[str, ...] = ()
    documents: np.ndarray | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.gold is not None and len(self.gold) != len(self):
            raise ValueError(f"domain '{self.name}': {len(self)} examples but {len(self.gold)} labels")

    def __len__(self) -> int:
        return count(self.inputs)

    @property
    def has_labels(self) -> bool:
        return self.gold is not None

    @property
    def labels(self) -> Labels:
        """The class ids; raises :class:`LabelsWithheld` where there are none to see."""
        if self.gold is None:
            raise LabelsWithheld(self.name)
        return self.gold

    def unlabelled(self) -> Domain:
        """The same examples with no labels, and no class names, anywhere in the object."""
        return replace(self, gold=None, classes=(), documents=None)

    def take(self, indices: Sequence[int] | np.ndarray) -> Domain:
        """The examples at ``indices``, in that order."""
        chosen = np.asarray(indices, dtype=np.intp)
        gold = None if self.gold is None else select(self.gold, chosen)
        documents = None if self.documents is None else self.documents[chosen]
        return replace(self, inputs=select(self.inputs, chosen), gold=gold, documents=documents)

    def relabelled(self, classes: Sequence[str]) -> Domain:
        """The same domain with ids that refer to ``classes``, which must hold every class that occurs."""
        position = {name: i for i, name in enumerate(classes)}
        missing = [name for name in self.classes if name not in position]
        if missing:
            raise UsageError(f"domain '{self.name}' has classes outside the given ones: {', '.join(missing)}")
        lookup = np.array([position[name] for name in self.classes], dtype=np.int64)
        return replace(self, gold=convert(self.labels, lookup), classes=tuple(classes))


@dataclass(frozen=True, eq=False)
class Problem:
    """All that a method may learn from: labelled source, unlabelled target, and shots only when asked for.

    Attributes
    ----------
    task : str
    sources : tuple of Domain
        One or more labelled source domains over the same :attr:`classes`.
    target : Domain
        The unlabelled target examples.
    source_unlabelled : Domain or None
        More source-domain examples without labels, where the corpus has them.
    shots : Domain or None
        A few labelled target examples; present only when the user asked for them, and recorded.
    transductive : bool
        Whether the examples that will be scored are among ``target``.
    seed : int
        The seed for every random choice of a method.
    """

    task: str
    sources: tuple[Domain, ...]
    target: Domain
    source_unlabelled: Domain | None = None
    shots: Domain | None = None
    transductive: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        if self.target.has_labels:
            raise ValueError("a problem's target must be unlabelled: pass target.unlabelled()")
        if not self.sources:
            raise ValueError("a problem needs at least one source domain")

    @property
    def classes(self) -> tuple[str, ...]:
        return self.sources[0].classes

    @property
    def source(self) -> Domain:
        """The source domains pooled into one."""
        return pool(self.sources)


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a model says of n examples.

    ``labels`` has the shape of a domain's labels and refers to ``classes``; ``probabilities``, where the model
    gives them, has shape (n, C), or for sequences is a list of n arrays of shape (tokens, C).
    """

    labels: Labels
    classes: tuple[str, ...]
    probabilities: Any = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.labels)

    def confidences(self) -> Any:
        """The greatest probability of each example (n,), of sequences n arrays (tokens,); None where there are none."""
        if self.probabilities is None:
            return None
        if isinstance(self.probabilities, np.ndarray):
            return self.probabilities.max(axis=1)
        return [np.max(rows, axis=1) if len(rows) else np.zeros(0) for rows in self.probabilities]

    def take(self, indices: np.ndarray) -> Predictions:
        """Those of the examples at ``indices`` (k,), in that order."""
        probabilities = None if self.probabilities is None else select(self.probabilities, indices)
        return replace(self, labels=select(self.labels, indices), probabilities=probabilities)


def align(domains: Sequence[Domain]) -> tuple[Domain, ...]:
    """The domains with ids over one list of class names: the first domain's order, new names after it."""
    classes = tuple(dict.fromkeys(name for domain in domains for name in domain.classes))
    return tuple(d if d.classes == classes else d.relabelled(classes) for d in domains)


def check_alike(domains: Sequence[Domain]) -> None:
    """Raise :class:`DataError` where domains hold inputs of different kinds, or different numbers of features."""
    shapes = [(domain.name, Shape.of(domain.inputs)) for domain in domains if len(domain)]
    for name, shape in shapes[1:]:
        first, expected = shapes[0]
        if shape.kind != expected.kind:
            raise DataError(f"'{first}' holds {expected} but '{name}' holds {shape}; give domains with the same inputs")
        if shape.features != expected.features:
            raise DataError(
                f"'{first}' has {expected.features} features but '{name}' has {shape.features}; "
                "give domains with the same features"
            )


def pool(domains: Sequence[Domain]) -> Domain:
    """Several domains over the same classes as one, named ``a+b``."""
    if len(domains) == 1:
        return domains[0]
    aligned = align(domains)
    return Domain(
        name="+".join(d.name for d in aligned),
        task=aligned[0].task,
        inputs=concatenate([d.inputs for d in aligned]),
        gold=concatenate([d.labels for d in aligned]),
        classes=aligned[0].classes,
    )
