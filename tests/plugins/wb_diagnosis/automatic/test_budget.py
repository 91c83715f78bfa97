"""Budgets: read as written, counted by their clock, and kept by an alarm that ends real work."""

import time

import numpy as np
import pytest

from wb_diagnosis.automatic.budget import Budget, TimeIsUp, in_words, seconds_of
from workbench.errors import UsageError


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("10m", 600), ("1h", 3600), ("1.5m", 90), ("45", 45), (" 2 H ", 7200)]
)
def test_a_time_is_read(text, seconds):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "0s", "ten", "-3m", "5d", "m"])
def test_what_is_no_time_is_told_with_an_example(text):
    with pytest.raises(UsageError, match="--budget 30s, 10m or 1h"):
        seconds_of(text)


def test_words():
    assert [in_words(s) for s in (0.42, 59.4, 200, 120, 7500)] == ["0.4 s", "59 s", "3 min 20 s", "2 min", "2 h 5 min"]


def test_what_is_left_follows_the_clock():
    clock = iter([100.0, 104.0, 104.0, 130.0])
    budget = Budget(10, lambda: next(clock))
    assert (budget.spent, budget.left, budget.left) == (4.0, 6.0, -20.0)


def test_work_that_takes_longer_is_ended():
    start = time.monotonic()
    with pytest.raises(TimeIsUp), Budget(0.3).limit(reserve=0.1):
        while time.monotonic() - start < 20:
            np.linalg.svd(np.ones((20, 20)))
    assert time.monotonic() - start < 5


def test_work_that_ends_in_time_is_left_alone_and_so_is_what_comes_after():
    with Budget(0.2).limit():
        pass
    time.sleep(0.4)
