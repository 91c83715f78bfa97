"""A named data set in one edition, its splits read when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from workbench.data.domains import Domain
from workbench.data.readers import Examples
from workbench.data.tasks import Task
from workbench.errors import DataError, UsageError


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

    def examples(self, split: str, labelled: bool) -> Examples:
        if split not in self.splits:
            raise UsageError(f"'{self.name}' ({self.edition}) has no split '{split}'; it has: {', '.join(self.splits)}")
        examples = self.read(split, labelled)
        self.notices += [notice for notice in examples.notices if notice not in self.notices]
        return examples

    def labelled(self, split: str, task: Task) -> Domain:
        """A split with its labels; raises :class:`DataError` when it has none."""
        examples = self.examples(split, True)
        if examples.labels is None:
            raise DataError(f"'{self.name}' split '{split}' has no labels; name a labelled file or split")
        classes = task.class_names(examples.labels)
        undeclared = [name for name in classes if self.classes and name not in self.classes]
        if undeclared:
            self.notices.append(f"{self.name}: labels outside the declared set: {', '.join(undeclared[:8])}")
        labels = task.encode(examples.labels, classes)
        documents = None if examples.documents is None else np.unique(examples.documents, return_inverse=True)[1]
        return Domain(self.name, self.task, examples.inputs, labels, classes, documents)

    def unlabelled(self, split: str) -> Domain:
        """A split without labels: nothing of the gold is in the returned object."""
        return Domain(self.name, self.task, self.examples(split, False).inputs)
