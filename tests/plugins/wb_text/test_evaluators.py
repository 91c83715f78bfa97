"""Evaluators against naive loops, scikit-learn and a hand-made example."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from wb_classification.evaluator import ClassificationEvaluator
from wb_text.evaluators.tagging import TaggingEvaluator
from workbench.data.domains import Domain, Predictions, Problem
from workbench.scoring.comparing import compare

TAGS = ("DT", "JJ", "NN", "NNP")


def tagged(text: str, classes: tuple[str, ...] = TAGS, name: str = "d") -> Domain:
    """A domain from ``word/TAG`` lines."""
    rows = [[token.rpartition("/")[::2] for token in line.split()] for line in text.split("\n")]
    labels = [np.array([classes.index(tag) for _, tag in row]) for row in rows]
    return Domain(name, "tagging", [[word for word, _ in row] for row in rows], labels, classes)


def said(text: str, classes: tuple[str, ...] = TAGS) -> Predictions:
    return Predictions(tagged(text, classes).labels, classes)


def problem(source: Domain, target: Domain) -> Problem:
    return Problem("tagging", (source,), target.unlabelled())


SOURCE = tagged("the/DT normal/JJ cell/NN\nthe/DT cell/JJ")
GOLD = tagged("the/DT normal/JJ signal/NN\ncell/NN")


def values(predictions: Predictions, gold: Domain = GOLD, source: Domain = SOURCE) -> dict[str, float]:
    scores = TaggingEvaluator().score(gold, predictions, problem(source, gold))
    return {name: metric.value for name, metric in scores.metrics.items()}


def test_the_figures_of_a_hand_made_example_in_their_order():
    found = values(said("the/DT normal/JJ signal/NNP\ncell/NN"))
    f1 = (1 + 1 + 2 / 3) / 3
    assert list(found.items()) == [
        ("accuracy", 3 / 4),
        ("accuracy_unknown", 0.0),
        ("accuracy_ambiguous", 1.0),
        ("accuracy_sentences", 1 / 2),
        ("macro_f1", pytest.approx(f1)),
        ("accuracy_nn_nnp_merged", 1.0),
    ]


def test_tags_are_compared_by_name_not_by_number():
    text = "the/DT normal/JJ signal/NNP\ncell/NN"
    assert values(said(text, ("NNP", "VB", "NN", "JJ", "DT"))) == values(said(text))


def test_figures_without_any_word_to_count_are_left_out():
    gold = tagged("the/DT", ("DT",))
    found = values(said("the/DT", ("DT",)), gold, tagged("the/DT", ("DT",)))
    assert list(found) == ["accuracy", "accuracy_sentences", "macro_f1"]


def test_tags_that_the_source_lacks_have_a_figure_of_their_own_and_a_notice():
    gold = tagged("the/DT -/HYPH cell/NN", (*TAGS, "HYPH"))
    predictions = said("the/DT -/JJ cell/NN")
    assert values(predictions, gold)["accuracy_shared_tags"] == 1.0
    assert values(predictions, gold)["accuracy"] == pytest.approx(2 / 3)
    (notice,) = TaggingEvaluator().notices(gold, problem(SOURCE, gold))
    assert "HYPH" in notice and "33.3%" in notice


def test_models_with_different_tag_lists_can_be_compared():
    gold, narrow = tagged("a/DT b/JJ", ("DT", "JJ")), tagged("a/DT b/JJ", ("DT", "JJ"))
    setting, evaluator = problem(narrow, gold), TaggingEvaluator()
    first = evaluator.score(gold, said("a/DT b/DT", ("DT", "JJ")), setting)
    second = evaluator.score(gold, said("a/DT b/JJ"), setting)
    assert compare(first, second).difference["accuracy"].value == pytest.approx(0.5)
    assert compare(second, first).difference["accuracy"].value == pytest.approx(-0.5)


sizes = st.lists(st.integers(1, 5), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(sizes, st.integers(0, 2**32 - 1))
def test_accuracy_is_a_naive_count_and_macro_f1_is_scikit_learns(lengths, seed):
    generator = np.random.default_rng(seed)
    gold, guess = ([generator.integers(0, 4, n) for n in lengths] for _ in range(2))
    inputs = [[str(w) for w in generator.integers(0, 6, n)] for n in lengths]
    domain = Domain("d", "tagging", inputs, gold, TAGS)
    found = values(Predictions(guess, TAGS), domain)
    pairs = [(int(g), int(p)) for a, b in zip(gold, guess, strict=True) for g, p in zip(a, b, strict=True)]
    truth, answers = zip(*pairs, strict=True)
    assert found["accuracy"] == pytest.approx(sum(g == p for g, p in pairs) / len(pairs))
    expected = f1_score(truth, answers, labels=sorted(set(truth)), average="macro", zero_division=0)
    assert found["macro_f1"] == pytest.approx(expected)
    flat = ClassificationEvaluator().score(
        Domain("c", "classification", np.zeros((len(pairs), 1)), np.array(truth), TAGS),
        Predictions(np.array(answers), TAGS),
        problem(SOURCE, GOLD),
    )
    assert flat.metrics["accuracy"].value == pytest.approx(found["accuracy"])
    assert flat.metrics["macro_f1"].value == pytest.approx(expected)


def test_statistics_are_clustered_by_sentence():
    scores = TaggingEvaluator().score(GOLD, said("the/DT normal/NN signal/NN\ncell/JJ"), problem(SOURCE, GOLD))
    assert scores.metrics["accuracy"].statistics.tolist() == [[2, 3], [0, 1]]
    assert all(len(metric.statistics) == 2 for metric in scores.metrics.values())


def test_the_details_tell_each_tag_and_the_confusions():
    scores = TaggingEvaluator().score(GOLD, said("the/DT normal/JJ signal/JJ\ncell/NN"), problem(SOURCE, GOLD))
    by_tag = {row["tag"]: row for row in scores.details["tags"]}
    assert by_tag["JJ"] == {"tag": "JJ", "precision": 0.5, "recall": 1.0, "f1": pytest.approx(2 / 3), "gold": 1}
    assert by_tag["NN"]["recall"] == 0.5
    assert scores.details["confusions"] == [{"gold": "NN", "predicted": "JJ", "count": 1}]


def test_changes_show_the_corrected_word_in_its_sentence():
    before, after = said("the/DT normal/JJ signal/JJ\ncell/NN"), said("the/DT normal/JJ signal/NN\ncell/JJ")
    found = TaggingEvaluator().changes(GOLD, before, after, problem(SOURCE, GOLD))
    assert (found["corrected"], found["broken"]) == (1, 1)
    assert len(found["examples"]) == 1
    assert found["examples"][0].startswith("signal: JJ → NN")
    assert "the normal signal" in found["examples"][0]


def test_changes_list_the_confusions_that_moved_most_first():
    gold = tagged("a/NN b/NN c/NN d/JJ")
    found = TaggingEvaluator().changes(
        gold, said("a/JJ b/JJ c/JJ d/JJ"), said("a/NN b/NN c/JJ d/NN"), problem(SOURCE, gold)
    )
    (table,) = found["tables"].values()
    assert table["rows"] == [["NN", "JJ", 3, 1, "-2"], ["JJ", "NN", 0, 1, "+1"]]


def test_within_a_pattern_words_that_the_source_leaves_open_come_first():
    source = tagged("known/NN the/DT")
    gold = tagged("known/NN known/NN unseen/NN")
    before, after = said("known/JJ known/JJ unseen/JJ"), said("known/NN known/NN unseen/NN")
    found = TaggingEvaluator().changes(gold, before, after, problem(source, gold))
    assert [line.partition(":")[0] for line in found["examples"]] == ["unseen"]


def test_changes_of_a_classifier_count_both_ways():
    gold = Domain("c", "classification", ["good stuff", "bad stuff"], np.array([1, 0]), ("neg", "pos"))
    before, after = Predictions(np.array([0, 0]), ("neg", "pos")), Predictions(np.array([0, 0]), ("pos", "neg"))
    found = ClassificationEvaluator().changes(gold, before, after, problem(SOURCE, GOLD))
    assert (found["corrected"], found["broken"]) == (1, 1)
    assert "good stuff" in found["examples"][1]
