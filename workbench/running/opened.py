"""From a specification to what a method may see, and, apart from it, the way to the gold.

The gold is read by :meth:`RunData.gold`, which a run calls after its models have been fitted; nothing that a
method receives refers to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from workbench.choosing.selectors import ORACLE
from workbench.data.corpus import Corpus, LabelCount
from workbench.data.domains import Domain, Problem, align, check_alike
from workbench.data.inputs import concatenate, count
from workbench.data.opening import check_columns, open_corpus
from workbench.data.tasks import Task
from workbench.errors import DataError, UsageError
from workbench.plugins.loading import Host
from workbench.running.specification import ALL_SHOTS, Specification


@dataclass(eq=False)
class RunData:
    """The opened data of a run."""

    specification: Specification
    task: Task
    task_name: str
    sources: list[Corpus]
    target: Corpus
    extra: Corpus | None
    evaluation_split: str
    held_out: np.ndarray | None = None
    """Labelled target examples that are not to be scored after the shots: positions in the split they are from."""

    @cached_property
    def label_count(self) -> LabelCount:
        """How many examples of the scored split carry labels, which is known before anything is fitted.

        Labels that are none of the source's classes are of something else; shots would make them known.
        """
        spec = self.specification
        known = (
            () if spec.shots or spec.upper_bound else {name for domain in self._sources[0] for name in domain.classes}
        )
        return self.target.label_count(self.evaluation_split, self.task, known)

    @property
    def has_gold(self) -> bool:
        """Whether anything is left to score by, after the shots."""
        given_away = 0 if self._given_away is None else len(self._given_away)
        count = self.label_count
        usable = not (count.foreign or self.learns_from_target) and self.specification.target_labels != "none"
        return usable and count.labelled > given_away

    @property
    def transductive(self) -> bool:
        """Whether the scored examples are among the unlabelled ones."""
        return self.extra is None and (self.target.one_pool or "unlabelled" not in self.target.splits)

    @property
    def protocol(self) -> str:
        """One line for the record: what was learnt from and what was scored."""
        spec = self.specification
        parts = ["transductive" if self.transductive else "inductive"]
        shots = "all" if spec.shots >= ALL_SHOTS else f"{spec.shots}"
        parts.append(f"{shots} labelled target shots" if spec.shots else "no target labels")
        if spec.upper_bound:
            parts = ["upper bound: trained on labelled target text"]
        if spec.source_size is not None:
            parts.append(f"{spec.source_size} source {self.task.unit}")
        if spec.select:
            oracle = spec.select == ORACLE
            further = "further target labels" if spec.shots else "target labels"
            chosen = f"selected by {spec.select} without {further}"
            parts.append("SELECTED ON TARGET LABELS (oracle)" if oracle else chosen)
        scored = "scored on" if self.has_gold else "no labels to score by, predicted"
        return ", ".join([*parts, f"{scored} {self.target.name} {self.evaluation_split}"])

    def corpora(self) -> list[Corpus]:
        return [*self.sources, self.target, *([self.extra] if self.extra else [])]

    def problem(self) -> Problem:
        """What the method may learn from. Raises :class:`WbError` where the data cannot serve."""
        spec = self.specification
        self._check_target_labels()
        sources, left_out = self._sources
        if spec.upper_bound:
            sources = [self._labelled_target()]
        shots = self._shots()
        aligned = align([*sources, *([shots] if shots is not None else [])])
        target = self._unlabelled_target()
        if not len(target):
            raise DataError(f"'{self.target.name}' has no unlabelled examples to adapt to; give --unlabelled PATH")
        for domain in (*sources, target):
            self.task.check_inputs(domain)
        check_alike([*sources, target])
        self._check_classes(aligned)
        return Problem(
            task=self.task_name,
            sources=aligned[: len(sources)],
            target=target,
            source_unlabelled=self._unlabelled_source(left_out),
            shots=aligned[-1] if shots is not None else None,
            transductive=self.transductive,
            seed=spec.seed,
        )

    def predicted(self) -> Domain:
        """Every example of the scored split but the shots and those that go with them, without labels."""
        domain, given_away = self.target.unlabelled(self.evaluation_split), self._given_away
        return domain if given_away is None else domain.take(np.setdiff1d(np.arange(len(domain)), given_away))

    def _check_target_labels(self) -> None:
        """Raise :class:`WbError` where the target's labels are needed and are not there, or must not be read."""
        spec, target = self.specification, f"'{self.target.name}' {self.evaluation_split}"
        if spec.target_labels == "required" and self.label_count.foreign:
            raise DataError(
                f"{target}: none of its labels is a class of the source; --target-labels required needs some"
            )
        if spec.target_labels == "required" and not self.label_count.labelled:
            why = self.label_count.why_unlabelled or "give a target with labels"
            raise DataError(f"{target} has no labels, and --target-labels required asks for them; {why}")
        if spec.target_labels == "none":
            asked = [("--shots", spec.shots), ("--upper-bound", spec.upper_bound), ("--select oracle", self._by_oracle)]
            for option, given in asked:
                if given:
                    raise UsageError(f"{option} reads the target's labels: leave it or --target-labels none out")
        scored = spec.target_labels != "none" and self.label_count.labelled == self.label_count.examples
        if scored and self.learns_from_target:
            raise UsageError(
                f"{target} is the source too, and all of it is labelled: it would be scored on what was learnt from; "
                "give another target"
            )
        if self._by_oracle and not self.has_gold:
            raise UsageError(
                f"--select oracle looks at the target's labels, and {target} has none to score by; give a selector"
            )

    def _check_classes(self, labelled: Sequence[Domain]) -> None:
        """Raise :class:`DataError` where all labelled examples are of one class."""
        if self.task.label_kind != "classes":
            return
        present = {domain.classes[y] for domain in labelled for y in np.unique(domain.labels)}
        if len(present) < 2:
            name = " + ".join(corpus.name for corpus in self.sources)
            only = f"one class only, '{next(iter(present))}'" if present else "no examples"
            raise DataError(f"'{name}' holds {only}: there is nothing to tell apart; give a source with two or more")

    @cached_property
    def learns_from_target(self) -> bool:
        """Whether a source and the target are the same examples."""
        return any(corpus.same_examples(self.target) for corpus in self.sources)

    @property
    def _by_oracle(self) -> bool:
        return self.specification.select == ORACLE

    def gold(self) -> Domain:
        """The labelled ones among :meth:`predicted`: for the scorer alone, after the models are fitted."""
        return self.gold_rows()[0]

    def gold_rows(self) -> tuple[Domain, np.ndarray]:
        """The same, and their positions (k,) in :meth:`predicted`."""
        labelled = self.target.labelled_rows(self.evaluation_split, self.task)
        given_away = self._given_away
        if given_away is None:
            return labelled.domain, labelled.rows
        kept = np.flatnonzero(np.isin(labelled.rows, given_away, invert=True))
        predicted = np.setdiff1d(np.arange(labelled.of), given_away)
        return labelled.domain.take(kept), np.searchsorted(predicted, labelled.rows[kept])

    @property
    def _given_away(self) -> np.ndarray | None:
        """Positions in the scored split of what went away with the shots; None where these are of another split."""
        return self.held_out if self._shots_from() == self.evaluation_split else None

    @cached_property
    def _sources(self) -> tuple[list[Domain], list[Domain]]:
        """The labelled sources and, where only a sample of them is used, the rest without labels."""
        chosen, rest = [], []
        for corpus in self.sources:
            domain = corpus.labelled("train" if "train" in corpus.splits else corpus.splits[0], self.task)
            size = self.specification.source_size
            if size is not None and size < len(domain):
                order = np.random.default_rng(self.specification.seed).permutation(len(domain))
                rest.append(domain.take(np.sort(order[size:])).unlabelled())
                domain = domain.take(np.sort(order[:size]))
            chosen.append(domain)
        return chosen, rest

    def _labelled_target(self) -> Domain:
        if "train" not in self.target.splits or self.target.one_pool:
            raise UsageError(
                f"'{self.target.name}' has no labelled training split apart from its {self.evaluation_split} split, "
                "so there is no upper bound to train"
            )
        return self.target.labelled("train", self.task)

    def _unlabelled_target(self) -> Domain:
        if self.extra is not None:
            split = "unlabelled" if "unlabelled" in self.extra.splits else self.extra.splits[0]
            return replace(self.extra.unlabelled(split), name=self.target.name)
        if "unlabelled" in self.target.splits:
            return self.target.unlabelled("unlabelled")
        return self.target.unlabelled(self.evaluation_split)

    def _unlabelled_source(self, left_out: list[Domain]) -> Domain | None:
        """The sources' unlabelled splits and what a sample left out, together; None where there is nothing."""
        parts = [c.unlabelled("unlabelled") for c in self.sources if "unlabelled" in c.splits and not c.one_pool]
        parts += left_out
        if not parts:
            return None
        name = "+".join(dict.fromkeys(part.name for part in parts))
        return replace(parts[0], name=name, inputs=concatenate([part.inputs for part in parts]))

    def _shots_from(self) -> str:
        pooled = self.target.one_pool or "train" not in self.target.splits
        return self.evaluation_split if pooled else "train"

    def _shots(self) -> Domain | None:
        """``shots`` labelled target examples, chosen by the task and the seed."""
        wanted = self.specification.shots
        if not wanted:
            return None
        labelled = self.target.labelled_rows(self._shots_from(), self.task)
        chosen, held_out = self.task.choose_shots(labelled.domain, wanted, self.specification.seed)
        self.held_out = labelled.rows[held_out]
        return labelled.domain.take(chosen)


def open_data(spec: Specification, host: Host) -> RunData:
    """Open every corpus of a specification and check that they belong together.

    Paths are read for a task that the method serves; for any where no method is named.
    """
    tasks = {entry.task for entry in host.methods.find(spec.method)} if spec.method else None
    check_columns([*spec.sources, spec.target, *([spec.unlabelled] if spec.unlabelled else [])], host, spec.columns)
    sources = [open_corpus(name, host, tasks, spec.seed, spec.columns) for name in spec.sources]
    task = sources[0].task
    target = open_corpus(spec.target, host, task, spec.seed, spec.columns)
    extra = open_corpus(spec.unlabelled, host, task, spec.seed, spec.columns) if spec.unlabelled else None
    for corpus in [*sources[1:], target, *([extra] if extra else [])]:
        if corpus.task != task:
            raise UsageError(f"'{sources[0].name}' is for {task} but '{corpus.name}' is for {corpus.task}")
    if spec.split != "test" and spec.split not in target.splits:
        raise UsageError(f"'{target.name}' has no split '{spec.split}'; it has: {', '.join(target.splits)}")
    split = spec.split if spec.split in target.splits else "train"
    return RunData(spec, host.tasks.get(task).load()(), task, sources, target, extra, split)


def counts(domain: Domain | None, task: Task) -> dict[str, int]:
    """How much a domain holds; nothing for none."""
    return {} if domain is None or not count(domain.inputs) else task.counts(domain)
