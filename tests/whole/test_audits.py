"""The bank of audited runs holds what runs give, once, and the audits compute from it what they say."""

import importlib

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
    collection = pairs.Collection("tiny", "tiny", "vectors", "vectors", (pairs.Pair(*PAIR),))
    chosen = [contestants.Contestant(name, {"classifier": "logreg"}) for name in ("sa", "kliep")]
    host = importlib.import_module("workbench").load()
    bank.fill(collection, collection.pairs[0], chosen, folder, host)
    return folder, lambda: bank.fill(collection, collection.pairs[0], chosen, folder, host)


@pytest.fixture
def runs(module, tiny):
    return {each.about.method: each for each in module("audited").load(tiny[0]) if each.about.baseline}


def test_every_run_names_the_baseline_that_lies_beside_it(runs):
    for each in runs.values():
        assert each.path.with_name(f"{each.about.baseline}.json").exists()
        assert each.path.with_name(f"{each.about.reference}.json").exists()


def test_the_arrays_are_of_the_gold_and_of_a_fifth_of_the_source(runs):
    for each in runs.values():
        arrays, gold = each.arrays(), each.gold()
        assert arrays.target.shape == (len(gold), 3) == (60, 3)
        assert 9 <= len(arrays.held_out_labels) <= 12
        assert each.about.accuracy == np.mean(arrays.target_predicted == gold)
        assert each.about.held_out_accuracy == np.mean(arrays.held_out_predicted == arrays.held_out_labels)
        np.testing.assert_allclose(arrays.target.sum(axis=1), 1, atol=1e-5)


def test_what_is_in_the_bank_is_not_made_again(tiny):
    folder, fill = tiny
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.json")}
    fill()
    assert before == {path: path.stat().st_mtime_ns for path in folder.rglob("*.json")}


def judged(module, group, value, truth, half=0.1):
    return module("judged").Judged(group, "pair", f"{group}-{value}", value, value - half, value + half, truth)


def test_figures_of_estimates(module):
    estimates = [judged(module, "a", 0.8, 0.72), judged(module, "a", 0.5, 0.75)]
    found = module("judged").figures(estimates, runs=4)
    assert found.told == 0.5
    assert found.error == pytest.approx(0.165)
    assert found.bias == pytest.approx(-0.085)
    assert found.coverage == 0.5
    assert found.width == pytest.approx(0.2)


def test_signs_are_of_clear_gains_and_decided_where_zero_is_left_out(module):
    gains = [judged(module, "a", *each) for each in ((0.2, 0.1), (-0.05, 0.1), (0.05, 0.04), (0.3, 0.001))]
    found = module("judged").signs(gains, floor=0.01)
    assert (found.pairs, found.right, found.decided, found.right_where_decided) == (3, 2 / 3, 1 / 3, 1.0)


def test_every_group_counts_the_same_in_a_quantile(module):
    scores, groups = np.array([0.0] * 98 + [1.0, 2.0]), ["large"] * 98 + ["small"] * 2
    assert module("judged").quantile(scores, groups, 0.5) == 0.0
    assert module("judged").quantile(scores, groups, 0.75) == 1.0
    assert module("judged").quantile(scores, groups, 0.9) == 2.0


def test_what_is_left_out_chooses_nothing(module):
    """The error of each group is judged by the others' errors alone."""
    items = [("a", 0.0), ("a", 0.0), ("b", 1.0)]
    learnt = module("judged").left_out(
        items, lambda item: item[0], lambda others: lambda item: sum(value for _, value in others)
    )
    assert learnt == [1.0, 1.0, 0.0]


def race(module, group, reference, **accuracies):
    portfolio = module("portfolio")

    def tried(title, accuracy):
        from workbench.scoring.comparing import Difference

        gain = accuracy - reference
        return portfolio.Tried(title, title, {}, accuracy, 1.0, difference=Difference(gain, gain, gain, 0.0))

    others = tuple(tried(title, accuracy) for title, accuracy in accuracies.items())
    return portfolio.Race(group, "vectors", f"{group} pair", tried("source-only", reference), others)


def test_the_portfolio_covers_pairs_before_it_repeats_itself(module):
    races = [
        race(module, "a", 0.5, one=0.9, alike=0.89, other=0.4),
        race(module, "b", 0.5, one=0.4, alike=0.4, other=0.6),
    ]
    assert [entry.title for entry in module("portfolio").greedy(races, most=2)] == ["one", "other"]


def test_a_choice_by_true_gains_has_no_regret_and_never_harms(module):
    from wb_diagnosis.automatic.guard import Guard

    races = [
        race(module, group, 0.5, good=0.5 + gain, bad=0.4) for group, gain in (("a", 0.1), ("b", 0.2), ("c", -0.1))
    ]
    rule = Guard(usual=0.0, difference=1.0, selectors={}, least=0.01)
    outcomes = module("portfolio").nested(races, 5, [rule])
    assert [outcome.chosen for outcome in outcomes] == ["good", "good", "source-only"]
    assert all(outcome.accuracy == outcome.best >= outcome.reference for outcome in outcomes)


def test_advice_in_the_order_of_the_gains_agrees_with_them(module):
    ordered = module("advice").Ordered("a", "pair", ("x", "y", "z"), np.array([0.5, 0.0, -0.5]), np.array([3, 2, 1]))
    assert ordered.kendall == ordered.spearman == pytest.approx(1.0)
    assert (ordered.of_first, ordered.of_against) == (3, 1)


def test_a_table_is_put_between_its_markers_alone(module, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- audit: x -->old<!-- end of audit: x -->\nafter", encoding="utf-8")
    module("markdown").write(page, "x", "new")
    assert page.read_text(encoding="utf-8") == "before\n<!-- audit: x -->\n\nnew\n\n<!-- end of audit: x -->\nafter"
    with pytest.raises(ValueError, match="no place for the audit 'y'"):
        module("markdown").write(page, "y", "new")
