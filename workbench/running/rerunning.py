"""A run again with the same settings, on a later target: next month's file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from workbench.data.domains import Predictions
from workbench.plugins.loading import Host
from workbench.progress import Progress
from workbench.running import records
from workbench.running.execution import execute
from workbench.running.opened import open_data
from workbench.running.outcome import Outcome
from workbench.running.predictor import Predictor
from workbench.running.records import Record
from workbench.running.specification import Specification
from workbench.running.target_reference import Likeness, NewExamples, TargetReference


@dataclass(frozen=True)
class Rerun:
    """What running again found."""

    outcome: Outcome
    agreement: float
    """On how many of the new target's examples (or tokens) the earlier model says the same, a share."""
    likeness: Likeness | None
    """How the new target compares with the earlier one; None where the record keeps no reference."""


def rerun(record: Record, target: str | None, host: Host, progress: Progress, *, out: Path | None = None) -> Rerun:
    """Carry out a record's specification again, on another target where one is given.

    A target of its own takes the place of the unlabelled examples too that the earlier run may have adapted to.
    """
    earlier = Specification.from_dict(record.run["specification"])
    spec = earlier if target is None else replace(earlier, target=target, unlabelled=None)
    outcome = execute(spec, host, progress, out=out)
    assert outcome.record is not None, "execute writes a record"
    inputs = open_data(spec, host).predicted().inputs
    before, after = (Predictor.load(each, host) for each in (record, records.load(outcome.record)))
    predictions = before.predict(inputs, spec.target)
    reference = TargetReference.load(record.folder)
    likeness = None
    if reference is not None:
        examples = NewExamples(reference)
        examples(inputs, predictions)
        likeness = examples.likeness()
    return Rerun(outcome, agreement(predictions, after.predict(inputs, spec.target)), likeness)


def agreement(first: Predictions, second: Predictions) -> float:
    """The share of examples, or tokens, of which both say the same; real labels may differ by .001 of their spread."""
    a, b = _flat(first), _flat(second)
    if not first.classes:
        return float(np.mean(np.abs(a - b) <= 1e-3 * (np.std(a) or 1)))
    return float(np.mean(np.array(first.classes)[a] == np.array(second.classes)[b]))


def _flat(predictions: Predictions) -> np.ndarray:
    labels = predictions.labels
    return labels if isinstance(labels, np.ndarray) else np.concatenate(labels)
