"""What every estimator says of a run in the bank: their own code on the stored arrays, no model is needed."""

from __future__ import annotations

import numpy as np
from audited import Arrays, AuditedRun

from wb_selection.estimators.accuracy import Accuracy, EvidenceEstimator
from wb_selection.estimators.agreement import Agreement, agreed
from wb_selection.estimators.evidence import Evidence
from wb_selection.estimators.heads import head_agreement, head_threshold
from wb_selection.estimators.weighted import ImportanceWeightedAccuracy, weighted_accuracy
from workbench.choosing.estimators import CannotTell, Estimator
from workbench.plugins.loading import Host


def evidence_of(arrays: Arrays) -> Evidence:
    """What estimators look at: of a model without probabilities those of a head, where there is one."""
    head = bool(arrays.head_target.size)
    return Evidence(
        held_out=(arrays.head_held_out if head else arrays.held_out).astype(float),
        held_out_predicted=arrays.held_out_predicted,
        labels=arrays.held_out_labels,
        target=(arrays.head_target if head else arrays.target).astype(float),
        target_predicted=arrays.target_predicted,
        held_out_clusters=_clusters(arrays.held_out_lengths),
        target_clusters=_clusters(arrays.target_lengths),
    )


def accuracies(run: AuditedRun, host: Host) -> dict[str, Accuracy]:
    """The estimate of every registered estimator that can tell, by its name; before any audited error is added."""
    arrays = run.arrays()
    evidence = evidence_of(arrays)
    told: dict[str, Accuracy] = {}
    for entry in host.estimators:
        try:
            accuracy = _accuracy(entry.load()(), evidence, arrays)
        except CannotTell:
            continue
        if accuracy is not None:
            told[entry.name] = accuracy
    if arrays.head_target.size:
        told |= {"head": head_agreement(evidence), "head-atc": head_threshold(evidence)}
    return told


def _accuracy(estimator: Estimator, evidence: Evidence, arrays: Arrays) -> Accuracy | None:
    """None where the bank has not what the estimator looks at."""
    if isinstance(estimator, EvidenceEstimator):
        needs = estimator.needs_probabilities and (arrays.head_target.size or not evidence.graded)
        return None if needs else estimator.accuracy(evidence)
    if isinstance(estimator, ImportanceWeightedAccuracy) and len(arrays.ratios):
        return weighted_accuracy(evidence, arrays.ratios)
    if isinstance(estimator, Agreement) and len(arrays.second_predicted):
        return agreed(arrays.target_predicted, arrays.second_predicted)
    return None


def _clusters(lengths: np.ndarray) -> np.ndarray | None:
    return np.repeat(np.arange(len(lengths)), lengths) if len(lengths) else None
