"""Intervals and paired tests against closed forms, slow versions and their nominal error rates."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import UsageError
from workbench.scoring import statistics
from workbench.scoring.metrics import ratio


def outcomes(n: int, rate: float, seed: int) -> np.ndarray:
    right = np.random.default_rng(seed).random(n) < rate
    return np.stack([right, np.ones(n)], axis=1).astype(float)


def test_interval_is_near_the_normal_approximation_of_a_proportion():
    values = outcomes(2000, 0.8, 1)
    low, high = statistics.interval(values, ratio)
    p = values[:, 0].mean()
    half = 1.96 * np.sqrt(p * (1 - p) / len(values))
    assert low == pytest.approx(p - half, abs=0.003)
    assert high == pytest.approx(p + half, abs=0.003)


def test_clusters_widen_the_interval():
    single = outcomes(500, 0.7, 2)
    narrow = statistics.interval(np.repeat(single, 4, axis=0), ratio)
    wide = statistics.interval(single * 4, ratio)
    assert wide[1] - wide[0] > 1.7 * (narrow[1] - narrow[0])


def test_interval_of_nothing_is_a_clear_error():
    with pytest.raises(UsageError, match="no examples"):
        statistics.interval(np.zeros((0, 2)), ratio)


def test_paired_test_agrees_with_the_exact_test_by_enumeration():
    generator = np.random.default_rng(3)
    first = np.stack([generator.integers(0, 5, 10), np.full(10, 5)], axis=1).astype(float)
    second = np.stack([generator.integers(1, 6, 10), np.full(10, 5)], axis=1).astype(float)
    observed = abs(ratio(second.sum(0)[None])[0] - ratio(first.sum(0)[None])[0])
    extreme = 0
    for swap in itertools.product([False, True], repeat=10):
        mask = np.array(swap)[:, None]
        a, b = np.where(mask, second, first).sum(0), np.where(mask, first, second).sum(0)
        extreme += abs(ratio(b[None])[0] - ratio(a[None])[0]) >= observed - 1e-12
    assert statistics.paired_test(first, second, ratio) == pytest.approx(extreme / 2**10, abs=0.02)


def test_identical_systems_have_p_one():
    values = outcomes(50, 0.5, 4)
    assert statistics.paired_test(values, values, ratio) == 1.0


def test_paired_test_keeps_its_level_under_the_null_hypothesis():
    rejected = sum(
        statistics.paired_test(outcomes(120, 0.7, seed), outcomes(120, 0.7, 1000 + seed), ratio) < 0.05
        for seed in range(100)
    )
    assert rejected <= 12


@given(st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_the_test_is_symmetric_and_the_difference_interval_flips(seed):
    first, second = outcomes(60, 0.6, seed), outcomes(60, 0.75, seed + 1)
    assert statistics.paired_test(first, second, ratio) == pytest.approx(
        statistics.paired_test(second, first, ratio), abs=0.03
    )
    low, high = statistics.difference_interval(first, second, ratio)
    mirrored = statistics.difference_interval(second, first, ratio)
    assert mirrored == pytest.approx((-high, -low))


def test_seeds_test_is_students_paired_t():
    from scipy import stats

    differences = np.array([0.010, 0.014, 0.021, 0.008])
    p, low, high = statistics.seeds_test(differences)
    assert p == pytest.approx(stats.ttest_1samp(differences, 0).pvalue)
    assert (low, high) == pytest.approx(stats.ttest_1samp(differences, 0).confidence_interval(0.95))


def test_seeds_without_spread_leave_the_test_open():
    p, low, high = statistics.seeds_test(np.array([0.02, 0.02, 0.02]))
    assert np.isnan(p)
    assert low == high == pytest.approx(0.02)
