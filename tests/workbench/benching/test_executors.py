"""The processes of a bench share the machine's threads, and leave the environment as it was."""

import os

import pytest

from workbench.benching.executors import THREAD_LIMITS, new_processes


@pytest.mark.slow
def test_each_process_has_its_share_of_threads_and_a_limit_of_the_users_is_kept(monkeypatch, host):
    for name in THREAD_LIMITS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MKL_NUM_THREADS", "7")
    factory = host.executors.get("processes").load()
    assert factory is new_processes
    with factory(2) as pool:
        seen = list(pool.map(os.getenv, THREAD_LIMITS))
    share = str(max(1, (os.cpu_count() or 1) // 2))
    assert dict(zip(THREAD_LIMITS, seen, strict=True)) == {
        **dict.fromkeys(THREAD_LIMITS, share),
        "MKL_NUM_THREADS": "7",
    }
    assert [name for name in THREAD_LIMITS if name in os.environ] == ["MKL_NUM_THREADS"], "here nothing changes"
