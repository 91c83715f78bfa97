"""What a fit would need is told before it begins, with what was chosen instead; under limits that are really set."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.errors import UsageError
from workbench.methods import memory

PAIR = ("--src", "shift/covariate-source?n=400", "--tgt", "shift/covariate-target?n=400")


@pytest.mark.parametrize(
    ("text", "size"), [("4GB", 4e9), ("500 MB", 5e8), ("1.5g", 1.5e9), ("2000", 2000), ("3KB", 3000), ("1tb", 1e12)]
)
def test_sizes_are_understood(text, size):
    assert memory.parsed(text) == int(size)


@pytest.mark.parametrize("text", ["", "much", "4XB", "-1GB", "1.2.3GB"])
def test_what_is_no_size_is_one_line(text):
    with pytest.raises(UsageError, match="WB_MEMORY"):
        memory.parsed(text)


def test_the_system_has_some_memory_free(monkeypatch):
    monkeypatch.delenv("WB_MEMORY", raising=False)
    assert 10**7 < memory.free() < 2**63 - 1
    monkeypatch.setenv("WB_MEMORY", "3MB")
    assert memory.free() == 3_000_000


def test_nothing_is_said_where_all_fits():
    need = memory.Need("a thing", 100, {"a": 1}, "b")
    assert memory.exceeded(need, 100) == ""
    assert memory.exceeded(need, 99) == "a thing would need 0.0001 MB, 9.9e-05 MB are free: b"
    assert "it is taken up to" in memory.exceeded(memory.Need("a thing", 100, {"a": 1}, "b", most=50), 1000)
    with pytest.raises(UsageError, match="a thing would need"):
        memory.exceeded(memory.Need("a thing", 100), 99)


@pytest.mark.parametrize(
    "arguments",
    [
        ("tca", "--kernel", "rbf"),
        ("jda", "--kernel", "rbf"),
        ("bda", "--kernel", "rbf"),
        ("stl", "--kernel", "rbf"),
        ("tjm", "--kernel", "rbf"),
        ("meda", "--dimensions", "1"),
    ],
)
def test_kernels_take_landmarks_and_say_so_before_the_fit(wb, monkeypatch, arguments):
    plain = json.loads(wb("run", *arguments, *PAIR, "--json")[1])
    assert "memory" not in plain["notes"]
    monkeypatch.setenv("WB_MEMORY", "4MB")
    code, out, err = wb("run", *arguments, *PAIR, "--json")
    assert code == 0, err
    line = "the whole kernel of 800 examples would need"
    assert f"note: {line}" in err and "4 MB are free: 78 Nyström landmarks stand for it" in err
    assert err.index(line) < err.index("fit: ")
    found = json.loads(out)
    assert found["notes"]["memory"].startswith(line)
    model = found["record"] + "/model/"
    assert _anchors(model, arguments[0]) == 78
    assert abs(found["scores"]["adapted"]["accuracy"]["value"] - plain["scores"]["adapted"]["accuracy"]["value"]) < 0.1


def test_kernel_mean_matching_takes_landmarks_too(wb, monkeypatch):
    monkeypatch.setenv("WB_MEMORY", "1MB")
    code, out, err = wb("run", "kmm", *PAIR, "--json")
    assert code == 0, err
    assert "note: the whole kernel of 400 source examples would need 3.84 MB, 1 MB are free: 399 Nyström" in err
    assert json.loads(out)["notes"]["landmarks"] == 399


def _anchors(folder, method):
    from workbench.methods.feature_model import FeatureModel
    from workbench.plugins.loading import load

    loaded = FeatureModel.load(Path(folder), load())
    return len(loaded.classifier.anchors_ if method == "meda" else loaded.transformer.anchors)


def test_landmarks_that_were_asked_for_are_taken_without_a_word(wb, monkeypatch):
    monkeypatch.setenv("WB_MEMORY", "4MB")
    code, _, err = wb("run", "tca", "--kernel", "rbf", "--landmarks", "60", *PAIR)
    assert code == 0 and "would need" not in err


def test_where_nothing_can_be_chosen_the_run_ends_in_one_line_before_it_begins(wb, monkeypatch):
    monkeypatch.setenv("WB_MEMORY", "1MB")
    code, _, err = wb("run", "ot", "--plan", "exact", *PAIR)
    assert code == 2
    assert "the transport plan of 400 × 400 examples would need 7.04 MB, 1 MB are free: give fewer" in err
    code, _, err = wb("run", "tca", "--kernel", "rbf", *PAIR)
    assert code == 2
    assert "give fewer examples" in err
    monkeypatch.setenv("WB_MEMORY", "50B")
    code, _, err = wb("run", "coral", *PAIR)
    assert code == 2
    assert "the covariances of 8 features would need 0.00179 MB" in err and "take fewer features" in err


def test_a_wrong_limit_is_one_line(wb, monkeypatch):
    monkeypatch.setenv("WB_MEMORY", "plenty")
    code, _, err = wb("run", "tca", "--kernel", "rbf", *PAIR)
    assert code == 2 and "WB_MEMORY 'plenty' is not a size" in err


PEAK = """
import sys
import numpy as np
from workbench.data.domains import Domain, Problem
from workbench.methods.variants import make
from workbench.plugins.loading import load
from workbench.progress import Progress
method, n, settings = sys.argv[1], int(sys.argv[2]), dict(pair.split("=") for pair in sys.argv[3:])
generator = np.random.default_rng(0)
host = load()

def peak():  # not that of getrusage, which a process inherits from its parent
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))

def fit(size):
    labels = np.arange(size) % 3
    x = generator.normal(size=(size, 20)) + 2 * np.eye(3, 20)[labels]
    source = Domain("s", "classification", x, labels, ("a", "b", "c"))
    fitted = make(host.methods.get(method, "classification"), settings, host)
    fitted.fit(Problem("classification", (source,), Domain("t", "classification", x + 0.1)), Progress())
    return fitted.needs(x, x)

fit(60)
before = peak()
need = fit(n)
print((peak() - before) / need.size)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("tca", "1500", "kernel=rbf"),
        ("jda", "1500", "kernel=rbf", "iterations=2"),
        ("tjm", "900", "kernel=rbf", "iterations=2"),
        ("meda", "1200"),
        ("kmm", "1800"),
        ("kmm", "1500", "kernel=linear"),
        ("ot", "1500", "plan=entropic", "entropy=1"),
        ("ot", "1200", "plan=class-regularised"),
    ],
)
def test_estimates_are_near_the_measured_peak(arguments):
    """Within a factor of two, either way: the largest resident size of a process of its own."""
    if not Path("/proc/self/status").exists():
        pytest.skip("this system does not tell a process its peak")
    ran = subprocess.run([sys.executable, "-c", PEAK, *arguments], capture_output=True, text=True, check=True)
    assert 0.5 < float(ran.stdout.splitlines()[-1]) < 1.5
