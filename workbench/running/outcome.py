"""What a run found: its summary, and the parts of its record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from workbench import environment
from workbench.data.corpus import Corpus
from workbench.data.domains import Domain, Predictions, Problem
from workbench.methods.contract import Method
from workbench.plugins.entries import MethodEntry
from workbench.running import records
from workbench.running.clock import Clock
from workbench.running.opened import Setting, counts
from workbench.running.specification import Specification
from workbench.scoring.comparing import Comparison


@dataclass(eq=False)
class Result:
    """What a run found: the content of ``--json`` and of the record."""

    summary: dict[str, Any]
    comparison: Comparison = field(repr=False)
    changes: dict[str, Any] = field(repr=False)
    notices: list[str]
    record: records.Record | None

    @property
    def verdict(self) -> str:
        return self.comparison.verdict


def completed(spec: Specification, setting: Setting, method: Method) -> dict[str, Any]:
    """The specification with every default filled in and the data's digests: what the digest stands for."""
    return {
        **spec.as_dict(),
        "settings": method.params.model_dump(),
        "split": setting.evaluation_split,
        "data": {corpus.name: {"edition": corpus.edition, **corpus.digests} for corpus in setting.corpora()},
    }


def opening_lines(entry: MethodEntry, setting: Setting, problem: Problem) -> list[str]:
    """What will run, for people: method, pair, editions, counts, protocol."""

    def said(domain: Domain | None) -> str:
        return ", ".join(f"{n:,} {what}" for what, n in counts(domain, setting.task).items())

    def edition(corpus: Corpus) -> str:
        return corpus.title or corpus.edition

    lines = [f"{entry.name}: {' + '.join(c.name for c in setting.sources)} → {setting.target.name} ({entry.task})"]
    for corpus, domain in zip(setting.sources, problem.sources, strict=False):
        lines.append(f"  source      {corpus.name}, {edition(corpus)}: {said(domain)} labelled")
    if problem.source_unlabelled is not None:
        lines.append(f"              {said(problem.source_unlabelled)} unlabelled")
    lines.append(f"  target      {setting.target.name}, {edition(setting.target)}: {said(problem.target)} unlabelled")
    if problem.shots is not None:
        lines.append(f"              {said(problem.shots)} labelled (shots)")
    lines.append(f"  protocol    {setting.protocol}; seed {problem.seed}")
    return lines


def summarise(
    entry: MethodEntry,
    base_entry: MethodEntry | None,
    setting: Setting,
    problem: Problem,
    gold: Domain,
    comparison: Comparison,
    clock: Clock,
    specification: dict[str, Any],
) -> dict[str, Any]:
    task = setting.task
    source = {
        "name": "+".join(corpus.name for corpus in setting.sources),
        "edition": "+".join(dict.fromkeys(corpus.edition for corpus in setting.sources)),
        "counts": counts(problem.source, task),
        "unlabelled_counts": counts(problem.source_unlabelled, task),
    }
    target = {
        "name": setting.target.name,
        "edition": setting.target.edition,
        "counts": counts(gold, task),
        "unlabelled_counts": counts(problem.target, task),
    }
    return {
        "method": entry.name,
        "task": entry.task,
        "variant": entry.variant,
        "baseline": base_entry.name if base_entry and setting.specification.baseline else None,
        "source": source,
        "target": target,
        "protocol": setting.protocol,
        "seed": problem.seed,
        "settings": specification["settings"],
        "scores": {key: scores_json(comparison)[key] for key in ("baseline", "adapted")},
        "difference": scores_json(comparison)["difference"],
        "verdict": comparison.verdict,
        "seconds": clock.seconds,
        "peak_memory_mb": round(environment.peak_memory_mb(), 1),
        "typed_inputs": has_typed_inputs(gold),
        "advice": [corpus.advice for corpus in setting.corpora() if corpus.advice],
    }


def has_typed_inputs(domain: Domain) -> bool:
    """Whether an example is something that a user can type: a text, or a sentence of words."""
    first = domain.inputs[0] if isinstance(domain.inputs, list) and domain.inputs else None
    return isinstance(first, str) or (isinstance(first, list) and bool(first) and isinstance(first[0], str))


def scores_json(comparison: Comparison) -> dict[str, Any]:
    return {
        "baseline": {name: asdict(value) for name, value in comparison.baseline.items()},
        "adapted": {name: asdict(value) for name, value in comparison.adapted.items()},
        "difference": {name: asdict(value) for name, value in comparison.difference.items()},
        "titles": comparison.titles,
        "verdict": comparison.verdict,
    }


def prediction_rows(
    setting: Setting, gold: Domain, before: Predictions | None, after: Predictions
) -> Iterator[dict[str, Any]]:
    """The lines of predictions.jsonl: the input, the gold, and what each model said."""
    task = setting.task
    adapted = task.rows(gold.inputs, after.labels, after.classes)
    truth = task.rows(gold.inputs, gold.labels, gold.classes)
    other = task.rows(gold.inputs, before.labels, before.classes) if before is not None else None
    for row, right in zip(adapted, truth, strict=True):
        line = {"input": row["input"], "gold": right["label"], "adapted": row["label"]}
        if other is not None:
            line["baseline"] = next(other)["label"]
        yield line
