"""Data made in the computer: settings with bounds, and the run's seed where the name gives none."""

import json

import numpy as np
import pytest

from workbench import load, run
from workbench.data.generators import Generator
from workbench.data.opening import names_of, open_corpus
from workbench.errors import UsageError
from workbench.running import records
from workbench.settings import described

HOST = load()
GENERATED = [entry for entry in HOST.corpora if entry.generated]


def inputs(name, seed=0):
    return open_corpus(name, HOST, seed=seed).unlabelled("train").inputs


@pytest.mark.parametrize("entry", GENERATED, ids=[entry.name for entry in GENERATED])
def test_a_generator_keeps_its_contract(entry):
    generator_type = entry.load()
    assert issubclass(generator_type, Generator)
    assert all(setting.description and not setting.required for setting in described(generator_type.Params))
    for name in names_of(entry):
        corpus = open_corpus(name, HOST)
        task = entry.task_of(name.rpartition("/")[2])
        assert (corpus.name, corpus.task, corpus.edition) == (name, task, "generated")


@pytest.mark.parametrize("name", ["shift/subspace-target?n=30", "fonts?n=10&size=8"])
def test_the_seed_of_a_run_reaches_it_unless_the_name_gives_one(name):
    assert np.array_equal(inputs(name), inputs(name, seed=0))
    assert np.array_equal(inputs(name, seed=4), inputs(name, seed=4))
    assert not np.array_equal(inputs(name), inputs(name, seed=4))
    assert np.array_equal(inputs(f"{name}&seed=4"), inputs(name, seed=4))
    assert np.array_equal(inputs(f"{name}&seed=4", seed=9), inputs(name, seed=4))


def test_what_is_not_drawn_by_chance_takes_no_seed():
    assert np.array_equal(inputs("digits?size=8", seed=3), inputs("digits?size=8"))
    with pytest.raises(UsageError, match="'digits': no setting 'seed'"):
        open_corpus("digits?seed=3", HOST)


def test_the_record_says_with_which_seed_the_data_was_made():
    pair = ("shift/target-source?n=40", "shift/target-target?n=40&seed=7")
    folder = run("source-only", *pair, host=HOST, seed=5).record
    data = records.load(folder).run["specification"]["data"]
    assert [data[name.partition("?")[0]]["seed"] for name in pair] == ["5", "7"]


@pytest.mark.parametrize("name", ["shift/covariate-source", "covariate-source", "fonts", "digits"])
def test_show_says_what_it_is_its_settings_and_how_to_use_it(wb, name):
    code, out, err = wb("data", "show", name)
    assert (code, err) == (0, "")
    assert "made in the computer" in out
    example = out.partition("with settings '")[2].partition("'")[0]
    assert open_corpus(example, HOST).edition == "generated", "what it shows can be used"
    shown = json.loads(wb("data", "show", name, "--json")[1])
    assert all(f"  {setting['name']} " in out for setting in shown["settings"])


def test_show_names_the_task_of_the_domain_not_of_its_collection(wb):
    assert "(regression)" in wb("data", "show", "shift/regression-source")[1]
    assert "(classification)" in wb("data", "show", "shift/subspace-source")[1]
    assert json.loads(wb("data", "show", "regression-target", "--json")[1])["task"] == "regression"


def test_a_collection_names_its_domains(wb):
    code, _, err = wb("data", "show", "shift")
    assert code == 2
    assert "'shift' is a collection; name one of its domains: shift/covariate-source, " in err
