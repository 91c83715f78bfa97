"""The shipped portfolio: everything in it can be run, and it says where it comes from."""

import pytest

from wb_diagnosis.automatic import portfolio as portfolios
from wb_diagnosis.automatic.pace import CAUTION, Pace
from wb_diagnosis.automatic.portfolio import Entry, load
from workbench.errors import UsageError
from workbench.methods.featurizers import choose, new_featurizer
from workbench.methods.variants import make

TASKS = {"sentences": "tagging"}
SHIPPED = load()


@pytest.mark.parametrize("plan", SHIPPED.plans, ids=lambda plan: plan.situation)
def test_every_entry_names_a_method_and_settings_that_it_takes(plan, host):
    for entry in (*plan.references, *plan.entries):
        registered = host.methods.get(entry.method, TASKS.get(plan.situation, "classification"))
        method = make(registered, entry.settings, host)
        assert not method.needs_shots
    titles = [entry.title for entry in plan.entries]
    assert len(set(titles)) == len(titles)


def test_every_situation_has_one_plan():
    situations = [plan.situation for plan in SHIPPED.plans]
    assert sorted(situations) == sorted({"texts", "images", "vectors", "shares", "sparse", "sentences"})
    assert SHIPPED.origin


def test_the_rule_weighs_selectors_that_are_there(host):
    for name in SHIPPED.guard.selectors:
        assert host.selectors.get(name)


def test_features_that_the_entries_name_take_their_inputs(host):
    kinds = {"texts": ["a text"], "images": None}
    for plan in SHIPPED.plans:
        for entry in plan.entries:
            if "features" in entry.settings and kinds.get(plan.situation):
                assert new_featurizer(choose(entry.settings["features"], kinds[plan.situation], host), host)


def test_a_file_that_is_none_is_one_line(tmp_path):
    (tmp_path / "p.toml").write_text("origin = 'x'\nplans = [{situation = 'texts', references = []}]\n")
    with pytest.raises(UsageError, match=r"p\.toml: setting 'plans\.0\.references'"):
        portfolios.load(tmp_path / "p.toml")


def test_seconds_grow_with_the_examples_and_with_the_pace_of_the_machine():
    entry = Entry(method="meda", seconds=2.0, examples=1000, growth=2.0, preparing=1.5)
    assert entry.fit_seconds(1000) == 2.0 and entry.fit_seconds(3000) == pytest.approx(18.0)
    pace = Pace(3000, fits=2)
    assert pace.judging(entry, prepared=True) == pytest.approx(CAUTION * 36)
    assert pace.judging(entry, prepared=False) == pytest.approx(CAUTION * (36 + 4.5))
    pace.learn(entry, 72.0)
    assert pace.judging(entry, prepared=True) == pytest.approx(CAUTION * 72)
    assert pace.refitting(entry) == pytest.approx(CAUTION * 36)
    pace.learn(entry, 18.0)
    assert pace.ratio == pytest.approx(1.0)
