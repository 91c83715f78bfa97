"""The models of a run on the same examples: what they say, and their scores where labels tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.data.domains import Domain, Predictions
from workbench.running.fitting import Fitted, Lineup
from workbench.running.judging import Judge
from workbench.running.one_run import Run
from workbench.scoring.metrics import Scores


@dataclass(frozen=True, eq=False)
class Gold:
    """The labelled ones among the predicted examples: a domain, and their positions (k,) among those."""

    domain: Domain
    rows: np.ndarray
    of: int
    """How many examples were predicted."""

    def chosen(self, predictions: Predictions) -> Predictions:
        """The predictions of the labelled examples."""
        return predictions if len(self.rows) == self.of else predictions.take(self.rows)


@dataclass(frozen=True, eq=False)
class Tried:
    """A fitted method, what it says of the predicted examples, and its scores; None where no label tells."""

    fitted: Fitted
    predictions: Predictions
    scores: Scores | None


@dataclass(frozen=True, eq=False)
class Trial:
    """The models of a run on the same examples; ``gold`` is None where none of these carries a label."""

    predicted: Domain
    gold: Gold | None
    adapted: Tried
    baseline: Tried | None
    reference: Tried | None
    companions: tuple[Tried, ...]


def try_out(run: Run, lineup: Lineup, judge: Judge) -> Trial:
    """Every model's predictions and scores; the gold is read here, after everything has been fitted."""
    with run.clock.stage("predict"):
        predicted = run.data.predicted()
        predictions = [fitted.model.predict(predicted.inputs) for fitted in lineup.models]
    with run.clock.stage("score"):
        gold = Gold(*run.data.gold_rows(), len(predicted)) if run.data.has_gold else None
        tried = {
            fitted: Tried(fitted, said, _scores(run, judge, gold, said))
            for fitted, said in zip(lineup.models, predictions, strict=True)
        }
    return Trial(
        predicted,
        gold,
        adapted=tried[lineup.adapted],
        baseline=tried[lineup.baseline] if lineup.baseline is not None else None,
        reference=tried[lineup.reference] if lineup.reference is not None else None,
        companions=tuple(tried[other] for other in lineup.companions),
    )


def _scores(run: Run, judge: Judge, gold: Gold | None, predictions: Predictions) -> Scores | None:
    return None if gold is None else judge.score(gold.domain, gold.chosen(predictions), run.problem)
