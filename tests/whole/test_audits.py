"""The bank of audited runs holds what runs give, once, and the audits compute from it what they say."""

import importlib
import json

import numpy as np
import pytest

PAIR = ("shift/covariate-source?n=60", "shift/covariate-target?n=60")


@pytest.fixture(scope="module")
def module(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(request.config.rootpath / "benchmarks" / "audits"))
        yield importlib.import_module


@pytest.fixture(scope="module")
def tiny(module, tmp_path_factory):
    """A bank of two methods and their baselines on one generated pair, and how to fill it further."""
    pairs, contestants, bank = (module(name) for name in ("pairs", "contestants", "bank"))
    folder = tmp_path_factory.mktemp("bank")
    collection = pairs.Collection("tiny", "tiny", "vectors", (pairs.Pair(*PAIR),))
    chosen = [contestants.Contestant(name, {"classifier": "logreg"}) for name in ("sa", "kliep")]
    host = importlib.import_module("workbench").load()
    bank.fill(collection, collection.pairs[0], chosen, folder, host)
    return folder, lambda: bank.fill(collection, collection.pairs[0], chosen, folder, host)


@pytest.fixture
def runs(module, tiny):
    return {each.about.method: each for each in module("audited").load(tiny[0]) if each.about.baseline}


def test_the_accuracy_in_the_bank_is_that_of_a_run(wb, runs):
    code, out, err = wb("run", "sa", "--src", PAIR[0], "--tgt", PAIR[1], "--classifier", "logreg", "--json")
    assert code == 0, err
    figures = json.loads(out)["scores"]["adapted"]["accuracy"]
    assert runs["sa"].about.accuracy == pytest.approx(figures["value"])


def test_every_run_names_the_baseline_that_lies_beside_it(runs):
    for each in runs.values():
        assert each.path.with_name(f"{each.about.baseline}.json").exists()
        assert each.path.with_name(f"{each.about.reference}.json").exists()


def test_the_arrays_are_of_the_gold_and_of_a_fifth_of_the_source(runs):
    for each in runs.values():
        arrays, gold = each.arrays(), each.gold()
        assert arrays.target.shape == (len(gold), 3) == (60, 3)
        assert 9 <= len(arrays.held_out_labels) <= 12
        assert each.about.kept_accuracy == np.mean(arrays.target_predicted == gold)
        assert each.about.held_out_accuracy == np.mean(arrays.held_out_predicted == arrays.held_out_labels)
        np.testing.assert_allclose(arrays.target.sum(axis=1), 1, atol=1e-5)


def test_what_is_in_the_bank_is_not_made_again(tiny):
    folder, fill = tiny
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.json")}
    fill()
    assert before == {path: path.stat().st_mtime_ns for path in folder.rglob("*.json")}
