"""A named data set in one edition, its splits read when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import numpy as np

from workbench.data.domains import Domain
from workbench.data.inputs import check_finite, count, equal, select
from workbench.data.readers import Examples
from workbench.data.tasks import Task
from workbench.errors import DataError, UsageError


@dataclass(frozen=True)
class LabelCount:
    """How many of a split's examples carry labels."""

    labelled: int
    examples: int
    why_unlabelled: str = ""
    """What the reader says of labels that are not there."""
    foreign: bool = False
    """Whether they are labels of something else: none of them is a class that is asked about."""


@dataclass(frozen=True, eq=False)
class LabelledRows:
    """The labelled examples of a split, their positions (k,) among all of it, and how many these are."""

    domain: Domain
    rows: np.ndarray
    of: int


@dataclass(eq=False)
class Corpus:
    """A named data set in one edition: its splits are read when they are asked for.

    ``read(split, labelled)`` gives :class:`Examples`; with ``labelled=False`` no label is ever parsed out.
    """

    name: str
    task: str
    edition: str
    splits: tuple[str, ...]
    read: Callable[[str, bool], Examples] = field(repr=False)
    title: str = ""
    classes: tuple[str, ...] = ()
    advice: str = ""
    """The command that gets a fuller edition, when this is not the best one."""
    digests: dict[str, str] = field(default_factory=dict)
    one_pool: bool = False
    """Whether all splits are the same examples (a single file)."""
    notices: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    """The columns that were read, of a format that has columns; known once a split was read."""

    def examples(self, split: str, labelled: bool) -> Examples:
        if split not in self.splits:
            raise UsageError(f"'{self.name}' ({self.edition}) has no split '{split}'; it has: {', '.join(self.splits)}")
        examples = self.read(split, labelled)
        check_finite(self.name, examples.inputs)
        for notice in examples.notices:
            self._note(notice)
        self.columns |= examples.columns
        return examples

    def same_examples(self, other: Corpus) -> bool:
        """Whether another corpus has the same examples: read from the same files, and without splits to part them.

        Files are the same by their digests; two domains of one file are told apart by what is read.
        """
        if not (self.one_pool and other.one_pool and self.digests):
            return False
        if set(self.digests.values()) != set(other.digests.values()):
            return False
        return equal(self.unlabelled(self.splits[0]).inputs, other.unlabelled(other.splits[0]).inputs)

    def label_count(self, split: str, task: Task, classes: Collection[str] = ()) -> LabelCount:
        """How many examples of a split carry labels: of these only the number leaves this method.

        Where ``classes`` are given, it is told as well whether any label is among them.
        """
        examples = self.examples(split, True)
        rows = examples.with_label
        present = task.class_names(select(examples.labels, rows)) if len(rows) and classes else ()
        foreign = bool(present) and not set(present) & set(classes)
        return LabelCount(len(rows), count(examples.inputs), examples.why_unlabelled, foreign)

    def labelled(self, split: str, task: Task) -> Domain:
        """The examples of a split that carry labels, the others left out with a notice.

        Raises :class:`DataError` when none does.
        """
        labelled = self.labelled_rows(split, task)
        if len(labelled.domain) < labelled.of:
            self._note(f"{self.name}: examples without a label are left out: {labelled.of - len(labelled.domain):,}")
        return labelled.domain

    def labelled_rows(self, split: str, task: Task) -> LabelledRows:
        """The same with their places among all examples of the split, and no notice."""
        examples = self.examples(split, True)
        rows = examples.with_label
        if not len(rows):
            why = examples.why_unlabelled or "name a labelled file or split"
            raise DataError(f"'{self.name}' split '{split}' has no labels; {why}")
        inputs, names, documents = examples.inputs, examples.labels, examples.documents
        if len(rows) < count(inputs):
            inputs, names = select(inputs, rows), select(names, rows)
            documents = None if documents is None else select(documents, rows)
        classes = task.class_names(names)
        undeclared = [name for name in classes if self.classes and name not in self.classes]
        if undeclared:
            self._note(f"{self.name}: labels outside the declared set: {', '.join(undeclared[:8])}")
        numbers = None if documents is None else np.unique(documents, return_inverse=True)[1]
        domain = Domain(self.name, self.task, inputs, task.encode(names, classes), classes, numbers)
        return LabelledRows(domain, rows, count(examples.inputs))

    def unlabelled(self, split: str) -> Domain:
        """A split without labels: nothing of the gold is in the returned object."""
        return Domain(self.name, self.task, self.examples(split, False).inputs)

    def _note(self, notice: str) -> None:
        if notice not in self.notices:
            self.notices.append(notice)
