"""Choosing settings without target labels: every point of a grid is fitted, scored, and the best is kept.

Target labels are out of reach of a selector: it is given fitted models, the problem that a method sees, and labelled
source examples that were held out. The oracle, which looks at the gold, is no selector: it is a bound, and a run that
uses it says so in its protocol.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.choosing.candidates import Candidate
from workbench.choosing.selectors import ORACLE, Selector, advice, check_candidate, check_method
from workbench.data.domains import Domain, Problem, pool
from workbench.data.inputs import LabelKind
from workbench.errors import UsageError
from workbench.methods.contract import Method, Model
from workbench.progress import Progress

if TYPE_CHECKING:
    from workbench.plugins.loading import Host

HELD_OUT = 0.2
"""Share of the labelled source that is held out for selectors that validate on it."""


@dataclass(frozen=True)
class Choice:
    """What was chosen, and out of what: settings and score of every candidate, in the grid's order."""

    selector: str
    chosen: dict[str, Any]
    candidates: tuple[dict[str, Any], ...]

    @property
    def selected(self) -> str:
        """Whether target labels were looked at, in words."""
        return "on the target's labels" if self.selector == ORACLE else "without target labels"

    def as_dict(self) -> dict[str, Any]:
        return {
            "selector": self.selector,
            "selected": self.selected,
            "chosen": self.chosen,
            "candidates": list(self.candidates),
        }


def points(grid: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Every combination of the grid's values."""
    if not grid:
        raise UsageError("--select chooses among settings: give them by --grid NAME=A,B,…")
    return [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]


def choose(
    make: Callable[[Mapping[str, Any]], Method],
    settings: Mapping[str, Any],
    grid: Mapping[str, Sequence[Any]],
    problem: Problem,
    label_kind: LabelKind,
    name: str,
    selector: Selector | None,
    host: Host,
    progress: Progress,
    oracle: Callable[[Model], float] | None = None,
) -> Choice:
    """Fit every point of the grid and keep the best; the first of equals.

    ``oracle`` scores a model on the gold and is given in the selector's stead for the bound alone. ``host`` knows the
    other selectors, for what to give where this one does not fit.
    """
    rows: list[dict[str, Any]] = []
    cells = points(grid)
    methods = [make({**settings, **cell}) for cell in cells]  # a wrong setting is told before anything is fitted
    if selector is not None:
        check_method(name, selector, methods[0], label_kind, host)
    training, held_out = problem, None
    if selector is not None and selector.needs_held_out:
        training, held_out = hold_out(problem, label_kind, host)
    for number, (cell, method) in enumerate(zip(cells, methods, strict=True)):
        progress.update(number / len(cells), f"candidate {number + 1} of {len(cells)}")
        model = method.fit(training, Progress())
        if oracle is not None:
            score = oracle(model)
        else:
            assert selector is not None
            predictions = model.predict(training.target.inputs)
            fit = partial(method.fit, progress=Progress())
            candidate = Candidate(model, training, held_out, predictions, fit, label_kind)
            check_candidate(name, selector, candidate, host)
            score = selector.score(candidate)
        rows.append({"settings": cell, "score": float(score)})
    scores = np.array([row["score"] for row in rows])
    best = int(np.nanargmax(scores)) if np.isfinite(scores).any() else 0
    return Choice(name, cells[best], tuple(rows))


def hold_out(problem: Problem, label_kind: LabelKind = "classes", host: Host | None = None) -> tuple[Problem, Domain]:
    """The problem without a fifth of each source, and that fifth pooled; drawn by the seed, class by class.

    Sequences and examples with real labels have no class of their own: a fifth of all is drawn.
    """
    generator = np.random.default_rng(problem.seed)
    kept, held = [], []
    for source in problem.sources:
        out = np.zeros(len(source), dtype=bool)
        strata = np.asarray(source.labels) if label_kind == "classes" else np.zeros(len(source), dtype=int)
        for stratum in np.unique(strata):
            members = generator.permutation(np.flatnonzero(strata == stratum))
            out[members[: int(len(members) * HELD_OUT)]] = True
        kept.append(source.take(np.flatnonzero(~out)))
        held.append(source.take(np.flatnonzero(out)))
    pooled = pool(held)
    if not len(pooled):
        others = advice(host, label_kind, lambda other: not other.needs_held_out) if host else ""
        raise UsageError(f"too few labelled source examples to hold a fifth out; {others or 'give more'}")
    return replace(problem, sources=tuple(kept)), pooled
