"""Vectors of a frozen network are computed once, by however many processes ask."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest

from wb_pretrained.shared.vectors import cached


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("WB_CACHE", str(tmp_path))


def test_what_was_computed_is_kept(tmp_path):
    calls = []

    def compute():
        calls.append(1)
        return np.arange(6.0).reshape(3, 2)

    first, second = cached([b"a"], compute), cached([b"a"], compute)
    assert len(calls) == 1
    assert np.array_equal(first, second)
    cached([b"b"], compute)
    assert len(calls) == 2


def test_all_that_compute_the_same_at_once_get_it(tmp_path):
    askers, vectors = 8, np.random.default_rng(0).random((400, 100))
    for number in range(10):
        barrier = Barrier(askers)

        def compute(barrier=barrier):
            barrier.wait()
            return vectors

        with ThreadPoolExecutor(askers) as pool:
            found = list(pool.map(lambda _, n=number, c=compute: cached([b"%d" % n], c), range(askers)))
        assert all(np.array_equal(one, vectors) for one in found)
    assert len(list((tmp_path / "vectors").iterdir())) == 10
