"""A record knows the target that it was adapted to, by a few numbers, and says when new rows look otherwise."""

import csv

import numpy as np
import pytest

from workbench.data.domains import Domain, Predictions, Problem
from workbench.data.sketches import Moments, Words
from workbench.running import records
from workbench.running.target_reference import FILE, NewExamples, TargetReference

SHARES = np.array([0.9, 0.1])


def said(n):
    """Predictions of n examples, each with confidence .9."""
    return Predictions(np.zeros(n, dtype=int), ("a", "b"), np.tile(SHARES, (n, 1)))


def reference_of(draw, n=300):
    source = Domain("s", "c", draw.normal(0.5, 1, (n, 12)), np.zeros(n, dtype=int), ("a", "b"))
    return TargetReference.of(Problem("c", (source,), Domain("t", "c", draw.normal(0, 1, (n, 12)))), said(n))


def likeness(reference, inputs):
    examples = NewExamples(reference)
    for start in range(0, len(inputs), 40):
        part = inputs[start : start + 40]
        examples(part, said(len(part)))
    return examples.likeness()


def test_more_of_the_same_is_no_news_and_the_p_means_what_it_says():
    draw = np.random.default_rng(0)
    found = [likeness(reference_of(draw), draw.normal(0, 1, (150, 12))) for _ in range(40)]
    assert not any(each.is_foreign for each in found)
    assert 0.25 < np.mean([each.p for each in found]) < 0.75


@pytest.mark.parametrize(("mean", "spread"), [(0.5, 1), (0, 1.6)])
def test_another_mean_and_another_spread_are_seen(mean, spread):
    draw = np.random.default_rng(1)
    found = likeness(reference_of(draw), draw.normal(mean, spread, (150, 12)))
    assert found.is_foreign and found.p == 1 / 200
    assert found.share > 0.7


def test_the_source_itself_lies_as_far_as_the_source():
    draw = np.random.default_rng(2)
    found = likeness(reference_of(draw, 1000), draw.normal(0.5, 1, (1000, 12)))
    assert found.share == pytest.approx(1, abs=0.1)
    assert found.confidence == found.expected_confidence == pytest.approx(0.9, abs=0.026)


def test_of_few_rows_nothing_is_said():
    draw = np.random.default_rng(3)
    assert not likeness(reference_of(draw), draw.normal(5, 1, (29, 12))).is_foreign
    few = Problem("c", (Domain("s", "c", np.eye(9), np.zeros(9), ("a",)),), Domain("t", "c", np.eye(9)))
    assert TargetReference.of(few, said(9)) is None


def test_it_is_saved_and_loaded_and_small(tmp_path):
    draw = np.random.default_rng(4)
    reference, new = reference_of(draw), draw.normal(0.2, 1, (100, 12))
    reference.save(tmp_path)
    assert (tmp_path / FILE).stat().st_size < 200_000
    assert likeness(TargetReference.load(tmp_path), new) == likeness(reference, new)


def test_words_are_vectors_of_length_one_whatever_their_case_and_order():
    first, second, other = Words().transform(["A good book", "book, good a", "quite another"])
    np.testing.assert_array_equal(first, second)
    assert np.linalg.norm(first) == pytest.approx(1)
    assert first @ other == 0


def test_many_features_are_folded_without_changing_lengths_much():
    draw = np.random.default_rng(5)
    features = draw.normal(size=(50, 3000))
    whole = np.linalg.norm(features[0] - features[1]) ** 2
    sketch = Moments(np.zeros(3000, dtype=np.float32), np.ones(3000, dtype=np.float32))
    folded = sketch.transform(features)[:, :1024] * np.sqrt(2 * 3000)
    assert np.linalg.norm(folded[0] - folded[1]) ** 2 == pytest.approx(whole, rel=0.15)


def write(path, words):
    judged = (("fine", "pos"), ("awful", "neg"))
    rows = [[f"{words[n % 7]} {words[n % 5]} {judged[n % 2][0]} {n % 11}", judged[n % 2][1]] for n in range(80)]
    with path.open("w", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["text", "label"])
        table.writerows(rows)
    return str(path)


def test_next_months_file_is_warned_of_and_adapted_to(wb, tmp_path):
    source = write(tmp_path / "s.csv", ["book", "page", "story", "novel", "plot", "hero", "author"])
    kitchen = ["pan", "knife", "oven", "pot", "lid", "spoon", "plate"]
    target = write(tmp_path / "t.csv", kitchen)
    assert wb("run", "source-only", "--src", source, "--tgt", target, "--no-baseline")[0] == 0
    first = records.find("last").name
    more = write(tmp_path / "more.csv", kitchen[::-1])
    later = write(tmp_path / "later.csv", ["phone", "cable", "screen", "plug", "battery", "mouse", "disk"])
    assert "warning" not in wb("predict", first, "--file", more, "--json")[2]
    code, _, err = wb("predict", first, "--file", later, "--json")
    assert code == 0
    assert "these 80 examples no longer look like the target that the run adapted to: distance from it" in err
    assert f"wb runs rerun {first} --tgt {later}" in err
    code, out, err = wb("runs", "rerun", first, "--tgt", later)
    assert code == 0, err
    assert "the earlier model says the same of 100.0% of the new target" in out
    again = records.find("last")
    assert again.name != first and again.run["specification"]["target"] == later
    assert again.run["settings"] == records.find(first).run["settings"]


def test_a_run_again_of_the_same_target_is_the_same(wb):
    pair = ("--src", "shift/covariate-source?n=60", "--tgt", "shift/covariate-target?n=60")
    assert wb("run", "coral", *pair, "--seed", "3", "--regularisation", "0.5", "--no-baseline")[0] == 0
    first = records.find("last")
    assert wb("runs", "rerun", "last")[0] == 0
    again = records.find("last")
    assert again.name != first.name and again.digest == first.digest
    assert list(again.predictions()) == list(first.predictions())
