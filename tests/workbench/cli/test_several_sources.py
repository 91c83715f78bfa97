"""``--src A --src B``: through every family, recorded, and documented for each method."""

import json

import numpy as np
import pytest

from workbench.plugins.loading import load

HOST = load()
SOURCES = ("--src", "near.npz", "--src", "far.npz", "--tgt", "target.npz")


@pytest.fixture
def three(tmp_path, monkeypatch):
    """A source near the target, one far from it with fewer classes, and the target."""
    generator = np.random.default_rng(0)
    monkeypatch.chdir(tmp_path)
    for name, n, shift, classes in (("near", 60, 0.2, 3), ("far", 40, 3.0, 2), ("target", 50, 0.0, 3)):
        labels = np.arange(n) % classes
        x = generator.normal(size=(n, 5)) + 3 * np.eye(3, 5)[labels] + shift
        np.savez(tmp_path / f"{name}.npz", x=x, y=np.array(["a", "b", "c"])[labels])


METHODS = ("source-only", "kmm", "domain-classifier", "tca", "jda", "bda", "stl", "tjm", "meda", "sa", "coral", "gfk")


@pytest.mark.parametrize("method", METHODS)
def test_two_sources_run_as_one(wb, three, method):
    settings = {"gfk": ("--dimensions", "2"), "meda": ("--dimensions", "2")}.get(method, ())
    code, out, err = wb("run", method, *SOURCES, *settings, "--json")
    assert code == 0, err
    found = json.loads(out)
    assert found["source"]["name"] == "near+far"
    assert found["source"]["counts"] == {"examples": 100}
    assert found["scores"]["adapted"]["accuracy"]["value"] > 0.5


def test_shots_and_several_sources_together(wb, three):
    code, out, err = wb("run", "tradaboost", *SOURCES, "--shots", "2", "--json")
    assert code == 0, err
    assert json.loads(out)["notes"]["labelled_target_examples"] == 6


@pytest.mark.parametrize("method", ["kmm", "nearest-weights", "kliep"])
def test_weights_turn_from_the_far_source_and_the_record_says_how_far(wb, three, method):
    code, out, err = wb("run", method, *SOURCES, "--scaling", "none", "--json")
    assert code == 0, err
    shares = json.loads(out)["notes"]["share_of_weights"]
    assert list(shares) == ["near", "far"]
    assert sum(shares.values()) == pytest.approx(1, abs=1e-3)
    assert shares["far"] < 0.4 * 0.9  # 40 of 100 examples


def test_each_source_is_scaled_by_itself(wb, three):
    """A source that is moved and stretched as a whole gives the same model under scaling within domains."""
    with np.load("far.npz") as far:
        np.savez("far.npz", x=far["x"] * 7 + 100, y=far["y"])
    code, out, err = wb("run", "tca", *SOURCES, "--scaling", "per-domain", "--components", "3", "--json")
    assert code == 0, err
    moved = json.loads(out)["scores"]["adapted"]["accuracy"]["value"]
    with np.load("far.npz") as far:
        np.savez("far.npz", x=(far["x"] - 100) / 7, y=far["y"])
    again = json.loads(wb("run", "tca", *SOURCES, "--scaling", "per-domain", "--components", "3", "--json")[1])
    assert moved == again["scores"]["adapted"]["accuracy"]["value"]


def test_the_order_of_sources_names_the_run_but_changes_no_score(wb, three):
    there = json.loads(wb("run", "jda", *SOURCES, "--json")[1])
    back = json.loads(wb("run", "jda", "--src", "far.npz", "--src", "near.npz", "--tgt", "target.npz", "--json")[1])
    assert back["source"]["name"] == "far+near"
    assert there["scores"]["adapted"]["accuracy"]["value"] == back["scores"]["adapted"]["accuracy"]["value"]


def test_a_bench_joins_sources_by_plus(wb, three):
    code, out, err = wb("bench", "--methods", "source-only", "--pairs", "near.npz+far.npz:target.npz", "--json")
    assert code == 0, err
    assert json.loads(out)["cells"][0]["source"] == "near.npz+far.npz"


def test_sources_of_different_widths_are_one_line(wb, three):
    np.savez("odd.npz", x=np.ones((6, 4)), y=np.arange(6) % 2)
    code, _, err = wb("run", "source-only", "--src", "near.npz", "--src", "odd.npz", "--tgt", "target.npz")
    assert code in (1, 2)
    assert "Traceback" not in err and "unexpected" not in err
    assert "4" in err and "5" in err


@pytest.mark.parametrize("name", sorted({entry.name for entry in HOST.methods}))
def test_every_method_says_what_becomes_of_several_sources(wb, name):
    try:
        code, out, err = wb("methods", name)
    except ModuleNotFoundError as error:
        pytest.skip(str(error))
    if code and "not installed" in err:
        pytest.skip(err)
    assert "sources   several are " in out
