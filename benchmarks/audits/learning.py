"""What the constants of the estimators are learnt by: every group of collections counts the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from judged import Judged, left_out, quantile
from rows import Row, Told, weighty

from wb_selection.estimators.accuracy import with_errors
from wb_selection.estimators.audited import Errors
from workbench.choosing.estimators import LEVEL


def errors_of(values: np.ndarray, truths: np.ndarray, groups: Sequence[str]) -> Errors:
    """The quantiles of truth minus estimate between which :data:`LEVEL` of them lie."""
    tail = (1 + LEVEL) / 2
    errors = truths - values
    return Errors(low=min(0.0, -quantile(-errors, groups, tail)), high=max(0.0, quantile(errors, groups, tail)))


def errors_of_estimator(rows: Sequence[Row], name: str) -> Errors:
    rows = weighty(rows)
    values = np.array([row.told[name].value for row in rows])
    return errors_of(np.clip(values, 0, 1), np.array([row.truth for row in rows]), [row.group for row in rows])


def judged_alone(rows: Sequence[Row], name: str) -> list[Judged]:
    """Each estimate of one estimator with the interval that the other groups' errors give it."""

    def learn(others: list[Row]) -> Callable[[Row], Judged]:
        errors = errors_of_estimator(others, name)
        return lambda row: judged(row, row.told[name], errors)

    return left_out([row for row in rows if name in row.told], lambda row: row.group, learn)


def judged(row: Row, told: Told, errors: Errors) -> Judged:
    estimate = with_errors(told.value, told.error, errors)
    return Judged(row.group, row.pair, row.name, estimate.value, estimate.low, estimate.high, row.truth)
