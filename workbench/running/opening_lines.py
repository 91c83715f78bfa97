"""What will run, as lines for people: method, pair, editions, counts, protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.data.corpus import Corpus
from workbench.data.domains import Domain, Problem
from workbench.plugins.entries import MethodEntry
from workbench.running.opened import RunData, counts

SHOWN = 4
"""Columns of one kind that are named."""


def opening_lines(entry: MethodEntry, data: RunData, problem: Problem) -> list[str]:
    """What is told once the data is read and before anything is fitted."""

    def holdings(domain: Domain | None) -> str:
        return ", ".join(f"{n:,} {unit}" for unit, n in counts(domain, data.task).items())

    sources = " + ".join(corpus.name for corpus in data.sources)
    lines = [f"{entry.name}: {sources} → {data.target.name} ({entry.place})"]
    for corpus, domain in zip(data.sources, problem.sources, strict=False):
        lines.append(f"  source      {corpus.name}, {_edition(corpus)}: {holdings(domain)} labelled")
    if problem.source_unlabelled is not None:
        lines.append(f"              {holdings(problem.source_unlabelled)} unlabelled")
    lines.append(f"  target      {data.target.name}, {_edition(data.target)}: {holdings(problem.target)} unlabelled")
    if problem.shots is not None:
        lines.append(f"              {holdings(problem.shots)} labelled (shots)")
    lines += [f"  columns     {line}" for line in _columns([*data.sources, data.target])]
    lines.append(f"  protocol    {data.protocol}; seed {problem.seed}")
    return lines


def _columns(corpora: Sequence[Corpus]) -> list[str]:
    """The columns that were read of tables given as paths; one line where all are alike."""
    columns = {corpus.name: columns_in_words(corpus.columns) for corpus in corpora if corpus.columns}
    if len(set(columns.values())) < 2:
        return list(dict.fromkeys(columns.values()))
    return [f"of {name}: {line}" for name, line in columns.items()]


def columns_in_words(columns: Mapping[str, str]) -> str:
    """``text: title + text, label: rating``; of many columns the first."""
    return ", ".join(f"{setting}: {_shortened(names.split(','))}" for setting, names in columns.items())


def _shortened(names: Sequence[str]) -> str:
    more = f" + … ({len(names)})" if len(names) > SHOWN else ""
    return " + ".join(names[:SHOWN]) + more


def _edition(corpus: Corpus) -> str:
    return corpus.title or corpus.edition
