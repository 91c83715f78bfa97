"""What will run, as lines for people: method, pair, editions, counts, protocol."""

from __future__ import annotations

from workbench.data.corpus import Corpus
from workbench.data.domains import Domain, Problem
from workbench.plugins.entries import MethodEntry
from workbench.running.opened import RunData, counts


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
    lines.append(f"  protocol    {data.protocol}; seed {problem.seed}")
    return lines


def _edition(corpus: Corpus) -> str:
    return corpus.title or corpus.edition
