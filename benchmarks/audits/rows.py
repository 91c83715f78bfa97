"""The bank as rows: for each run what every estimator says of it, and the truth."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from audited import About, AuditedRun, load
from nannyml_cbpe import ESTIMATES
from replaying import accuracies, evidence_of

from wb_selection.estimators.consensus import chance_of
from workbench.plugins.loading import Host
from workbench.scoring.comparing import Estimate

FEWEST_PAIRS = 4
"""Pairs of a group below which it is judged by what the others give, and gives nothing itself."""


@dataclass(frozen=True)
class Told:
    """An estimated accuracy and its standard error of sampling, shares."""

    value: float
    error: float


@dataclass(frozen=True, eq=False)
class Row:
    """A run, what the estimators that can tell say of it, and what is true of it.

    Attributes
    ----------
    folder : str
        Of the pair, below the bank.
    graded : bool
        Whether the model gives probabilities other than 0 and 1.
    chance : float
        The share of the commonest class among the held-out examples.
    told : dict
        By estimator.
    nannyml : Estimate or None
        The package's own CBPE with its own interval.
    classes, examples : int
    distance : float
        The pair's proxy A-distance, nan where it has no features.
    moved : float
        Total variation distance between the class shares of held-out source and target.
    """

    run: AuditedRun
    folder: str
    told: dict[str, Told]
    graded: bool
    chance: float
    nannyml: Estimate | None
    classes: int
    examples: int
    distance: float
    moved: float

    @property
    def about(self) -> About:
        return self.run.about

    @property
    def held_out(self) -> float:
        return self.about.held_out_accuracy

    @property
    def truth(self) -> float:
        return self.about.accuracy

    @property
    def group(self) -> str:
        return self.about.group

    @property
    def pair(self) -> str:
        return self.run.pair

    @property
    def name(self) -> str:
        """Of the run, below the bank."""
        return f"{self.folder}/{self.about.name}"


def rows_of(bank: Path, host: Host) -> list[Row]:
    """A row for every run of the bank that came to an end."""
    cbpe = _nannyml(bank)
    return [_row(run, bank, cbpe, host) for run in load(bank)]


def _row(run: AuditedRun, bank: Path, cbpe: dict[str, Estimate], host: Host) -> Row:
    arrays, gold, measures = run.arrays(), run.gold(), run.measures()
    evidence, classes = evidence_of(arrays), arrays.target.shape[1]
    told = {
        name: Told(accuracy.value, accuracy.standard_error(evidence))
        for name, accuracy in accuracies(run, host).items()
    }
    shares = [np.bincount(labels[labels >= 0], minlength=classes) for labels in (arrays.held_out_labels, gold)]
    before, after = (counts / counts.sum() for counts in shares)
    folder = str(run.path.parent.relative_to(bank))
    return Row(
        run=run,
        folder=folder,
        told=told,
        graded=evidence.graded and not arrays.head_target.size,
        chance=chance_of(evidence),
        nannyml=cbpe.get(f"{folder}/{run.about.name}"),
        classes=classes,
        examples=len(gold),
        distance=measures["proxy_a_distance"],
        moved=float(np.abs(before - after).sum() / 2),
    )


def _nannyml(bank: Path) -> dict[str, Estimate]:
    path = bank / ESTIMATES
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    told = [json.loads(line) for line in lines]
    return {one["run"]: Estimate(one["value"], one["low"], one["high"]) for one in told}


def weighty(rows: Sequence[Row]) -> list[Row]:
    """The rows of groups that have pairs enough to count as much as the others: what constants are learnt from."""
    pairs: dict[str, set[str]] = {}
    for row in rows:
        pairs.setdefault(row.group, set()).add(row.pair)
    return [row for row in rows if len(pairs[row.group]) >= FEWEST_PAIRS]


def compared(rows: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Every run with the run of its baseline, where the bank has both: (baseline, adapted)."""
    by_name = {row.name: row for row in rows}
    pairs = [(by_name.get(f"{row.folder}/{row.about.baseline}"), row) for row in rows if row.about.baseline]
    return [(baseline, adapted) for baseline, adapted in pairs if baseline is not None]
