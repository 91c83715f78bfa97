"""Evaluators of strangers: one that is broken is named once, the others score, and the run goes on."""

from types import ModuleType

import numpy as np
import pytest

from workbench import Evaluator, Metric, Scores, hookimpl, load, run
from workbench.report.comparing import against_first
from workbench.running import records

PAIR = ("shift/covariate-source?n=60", "shift/covariate-target?n=60")


def impossible(sums):
    raise ZeroDivisionError("no such figure")


class Incomputable(Evaluator):
    """Gives a figure that cannot be computed."""

    computes = (impossible,)

    def score(self, gold, predictions, problem):
        return Scores({"impossible": Metric(np.ones((len(gold), 1)), compute=impossible)})


class Formless(Evaluator):
    """Gives no scores."""

    def score(self, gold, predictions, problem):
        return {"accuracy": 1.0}


@pytest.fixture
def host():
    stranger = ModuleType("stranger")

    @hookimpl
    def wb_register_evaluators(register):
        register("absent", "no_such_module:Thing", task="classification")
        register("needy", "no_such_module_2.part:Thing", task="classification", extra="graph")
        register("incomputable", Incomputable, task="classification")
        register("formless", Formless, task="classification")

    stranger.wb_register_evaluators = wb_register_evaluators
    return load([stranger])


def test_a_broken_evaluator_is_named_and_leaves_the_others_alone(host, tmp_path):
    outcome = run("tca", *PAIR, host=host, out=tmp_path / "run")
    assert set(outcome.comparison.adapted) == {"accuracy", "macro_f1"}
    for name in ("absent", "needy", "incomputable", "formless"):
        assert sum(f"'{name}' of plugin 'stranger'" in line for line in outcome.notices) == 1, name


def test_records_are_compared_where_an_evaluator_is_broken(host, tmp_path):
    kept = [records.load(run(method, *PAIR, out=tmp_path / method).record) for method in ("tca", "sa")]
    _, second = against_first(kept, host)
    assert set(second.difference) == {"accuracy", "macro_f1"}
