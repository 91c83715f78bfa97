"""What the benchmark of the classical methods measures is what it says."""

import importlib

import numpy as np
import pytest

from wb_subspace.geodesic import GeodesicFlow


@pytest.fixture
def module(monkeypatch, request):
    monkeypatch.syspath_prepend(str(request.config.rootpath / "benchmarks"))
    return importlib.import_module


@pytest.mark.parametrize("n", [30, 90])
def test_the_published_formula_of_the_flow_is_our_map(module, n):
    generator = np.random.default_rng(0)
    source = generator.normal(size=(n, 50)) * np.linspace(2, 1, 50)
    target = generator.normal(size=(n, 50)) * np.linspace(1, 2, 50)
    kernel = module("peers").formula("gfk")(source, None, target, 6)
    factor = GeodesicFlow(6).fit(source, target=target).map_.weights
    np.testing.assert_allclose(factor @ factor.T, kernel, atol=1e-6)


def test_the_rounds_of_jda_are_ten_and_their_pseudo_labels_are_timed(module):
    classical = module("classical")
    fitted = classical.ten_rounds(*classical.arrays(60))
    assert len(fitted.trace_) == 10
    assert "of it" in module("quality").note("jda, 10 rounds", fitted, np.zeros((60, 1)), np.zeros((60, 1)))


def test_every_row_names_a_method_of_ours(module):
    classical, peers = module("classical"), module("peers")
    assert all(callable(classical.ours(name)) for name in classical.METHODS)
    assert set(peers.OF) <= set(classical.METHODS)


def test_a_line_compares_with_the_faster_peer(module):
    own = {"seconds": 1.0, "mb": 5.0, "note": ""}
    others = {
        "one": {"seconds": 3.0, "mb": 9.0, "note": ""},
        "two": {"seconds": 2.0, "mb": 9.0, "note": "objective 1"},
        "third": {"error": "ValueError: no"},
    }
    cells = module("classical").line("kmm", 1000, own, others)
    assert cells[:4] == ["kmm", "1,000", "1.000", "5"]
    assert cells[4] == "two (one 3.00, third: ValueError: no)"
    assert cells[7:] == ["2.0 ×", "two objective 1"]
