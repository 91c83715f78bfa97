"""Agreement of two trainings of one method."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wb_selection.estimators.accuracy import Accuracy, with_errors
from wb_selection.estimators.audited import audited
from wb_selection.estimators.evidence import Evidence, flat
from workbench.choosing.candidates import Candidate
from workbench.choosing.estimators import Estimator
from workbench.choosing.grid import hold_out
from workbench.data.domains import pool
from workbench.methods.contract import Model
from workbench.scoring.comparing import Estimate


class Agreement(Estimator):
    """Takes the share of target examples on which two trainings agree as the accuracy.

    The second training has another seed and another fifth of the source held out. Needs no probabilities, and costs
    another fit.

    References
    ----------
    Jiang, Nagarajan, Baek & Kolter (ICLR 2022), Assessing generalization of SGD via disagreement.

    Differs from the paper
    ----------------------
    Most methods here are no networks: what differs between the trainings is the sample of the source, as in its
    "different data" setting, but two samples share four fifths, so that the trainings agree too often.
    """

    name = "agreement"
    takes_labels = ("classes", "sequence")
    needs_held_out = True
    refits = True

    def estimate(self, candidate: Candidate) -> Estimate:
        evidence = Evidence.of(candidate)
        second = flat(second_training(candidate).predict(candidate.problem.target.inputs).labels)
        accuracy = agreed(evidence.target_predicted, second)
        return with_errors(accuracy.value, accuracy.standard_error(evidence), audited().errors_of(self.name))


def agreed(first: np.ndarray, second: np.ndarray) -> Accuracy:
    """The share of predictions (m,) that are the same."""
    same = np.asarray(first == second, dtype=np.float64)
    return Accuracy(float(same.mean()), np.zeros(0), same)


def second_training(candidate: Candidate) -> Model:
    """The same method fitted with the next seed to the source without another fifth."""
    assert candidate.held_out is not None, "who asks must say needs_held_out"
    problem = candidate.problem
    whole = (*problem.sources, candidate.held_out)
    sources = (pool(whole),) if len(problem.sources) == 1 else whole
    again, _ = hold_out(replace(problem, sources=sources, seed=problem.seed + 1), candidate.label_kind)
    return candidate.fit(again)
