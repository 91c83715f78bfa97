"""Runs on targets without labels, or with some: predictions for every row, estimates, and one sentence."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import ClassVar

import pytest

from wb_classification.task import ClassificationTask
from workbench import load, run
from workbench.choosing.estimators import CannotTell, Estimator
from workbench.plugins.entries import EstimatorEntry
from workbench.report import verdicts
from workbench.running.outcome import Outcome
from workbench.running.records import load as load_record
from workbench.scoring.comparing import Difference, Estimate

WORDS = {"pos": ("great", "lovely", "superb"), "neg": ("awful", "dull", "poor")}
NOUNS = {"books": ("novel", "plot", "gift", "day"), "kitchen": ("pan", "gift", "day", "day")}


def texts(domain, n, seed):
    """n short texts of a domain with their classes."""
    draw = random.Random(seed)
    classes = [draw.choice(("pos", "neg")) for _ in range(n)]
    return [(f"{draw.choice(WORDS[y])} {draw.choice(NOUNS[domain])} {draw.choice(NOUNS[domain])}", y) for y in classes]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A labelled file, and the same posts without labels, with a few, with all, and with labels of something else."""
    folder = tmp_path_factory.mktemp("files")
    posts = texts("kitchen", 40, 1)

    def write(name, rows):
        (folder / name).write_text("text,label\n" + "".join(f"{text},{label}\n" for text, label in rows))

    write("reviews.csv", texts("books", 80, 0))
    (folder / "posts.csv").write_text("text\n" + "".join(f"{text}\n" for text, _ in posts))
    write("few.csv", [(text, label if number % 4 == 0 else "") for number, (text, label) in enumerate(posts)])
    write("all.csv", posts)
    write("days.csv", [(text, f"day {number % 3}") for number, (text, _) in enumerate(posts)])
    return {path.stem: str(path) for path in folder.iterdir()}


@pytest.fixture(scope="module")
def unlabelled(files, tmp_path_factory):
    return run("coral", files["reviews"], files["posts"], out=tmp_path_factory.mktemp("unlabelled"))


# The outcome and its record


def test_every_row_is_predicted_and_told_how_sure(unlabelled, files):
    rows = list(load_record(unlabelled.record).predictions())
    assert [row["input"] for row in rows] == Path(files["posts"]).read_text().splitlines()[1:]
    assert {row["gold"] for row in rows} == {None}
    assert {row["adapted"] for row in rows} <= {"pos", "neg"}
    assert all(0.5 <= row["confidence"] <= 1 for row in rows)


def test_estimates_stand_in_the_place_of_scores(unlabelled):
    assert unlabelled.comparison is None
    values = unlabelled.as_json()
    assert values["scores"] == {"baseline": {}, "adapted": {}} and values["figures"] == {}
    estimates = values["estimates"]
    name = estimates["estimator"]
    for side in ("adapted", "baseline"):
        assert 0 <= estimates[side][name]["low"] <= estimates[side][name]["value"] <= estimates[side][name]["high"] <= 1
    assert values["target"]["labelled"] == 0 and values["target"]["counts"] == {}
    assert values["target"]["predicted_counts"] == {"examples": 40}
    assert "no labels to score by" in values["protocol"]


def test_such_an_outcome_comes_back_from_its_json_and_from_its_record(unlabelled):
    again = Outcome.from_json(json.loads(json.dumps(unlabelled.as_json(), default=str)))
    kept = load_record(unlabelled.record).outcome
    assert again.estimates == kept.estimates == unlabelled.estimates
    assert again.comparison is kept.comparison is None
    assert again.verdict == kept.verdict == unlabelled.verdict


def test_a_frame_holds_the_estimates(unlabelled):
    frame = unlabelled.as_frame()
    assert list(frame["figure"]) == ["estimated_accuracy"]
    assert frame["adapted_value"][0] == unlabelled.estimates.adapted[unlabelled.estimates.estimator].value


# What is read of the target's labels


def test_a_target_with_some_labels_is_scored_on_these_and_predicted_whole(files):
    outcome = run("source-only", files["reviews"], files["few"])
    assert outcome.target.counts == {"examples": 10} and outcome.target.predicted_counts == {"examples": 40}
    assert outcome.target.labelled == 10
    assert any("scored on the 10 labelled examples; 30 have no label" in notice for notice in outcome.notices)
    rows = list(load_record(outcome.record).predictions())
    labelled = [row for row in rows if row["gold"] is not None]
    assert [number for number, row in enumerate(rows) if row["gold"] is not None] == list(range(0, 40, 4))
    right = sum(row["gold"] == row["adapted"] for row in labelled)
    assert outcome.comparison.adapted["accuracy"].value == pytest.approx(right / 10)


def test_the_few_labels_are_no_shots_unless_asked_for(files):
    host = load()
    from workbench.running.opened import open_data
    from workbench.running.specification import Specification

    spec = Specification("source-only", (files["reviews"],), files["few"])
    assert open_data(spec, host).problem().shots is None
    data = open_data(Specification("source-only", (files["reviews"],), files["few"], shots=2), host)
    shots = data.problem().shots
    assert len(shots) == 4
    predicted, (gold, rows) = data.predicted(), data.gold_rows()
    assert len(predicted) == 36 and len(gold) == 6
    assert predicted.take(rows).inputs == gold.inputs
    every = open_data(Specification("source-only", (files["reviews"],), files["few"], shots=1000), host)
    assert len(every.problem().shots) == 10 and not every.has_gold and len(every.predicted()) == 30


def test_labels_that_are_not_to_be_read_are_not(files):
    outcome = run("source-only", files["reviews"], files["all"], target_labels="none")
    assert outcome.comparison is None and outcome.estimates is not None
    assert any("40 of 40 examples carry labels, which are not read" in notice for notice in outcome.notices)


def test_labels_of_something_else_are_none(files):
    outcome = run("source-only", files["reviews"], files["days"])
    assert outcome.comparison is None
    assert any("none of the source's classes" in notice for notice in outcome.notices)


@pytest.mark.parametrize(
    ("target", "options", "said"),
    [
        ("posts", ("--target-labels", "required"), "no column 'label'"),
        ("days", ("--target-labels", "required"), "none of its labels is a class of the source"),
        ("all", ("--target-labels", "none", "--shots", "2"), "--shots reads the target's labels"),
        ("posts", ("--select", "oracle", "--grid", "c=1,2", "--allow-target-labels"), "has none to score by"),
        ("posts", ("--shots", "2"), "has no labels"),
    ],
)
def test_what_needs_labels_is_told_before_any_fit(wb, files, target, options, said):
    code, out, err = wb("run", "source-only", "--src", files["reviews"], "--tgt", files[target], *options)
    assert code in (1, 2) and out == ""
    assert said in err and "fit:" not in err
    assert len([line for line in err.splitlines() if line.startswith("wb:")]) == 1


# What the estimates support


class Stub(Estimator):
    """Estimates by the method's name, from examples that the estimated model has not seen."""

    needs_held_out = True
    seen: ClassVar[list] = []

    def estimate(self, candidate):
        Stub.seen.append(candidate)
        value = 0.8 if len(Stub.seen) % 3 == 1 else 0.7
        return Estimate(value, value - 0.05, value + 0.05)

    def estimate_difference(self, baseline, adapted):
        return self.change

    def support(self):
        return "the estimate was within 4 points on 9 of 10 audited pairs"

    change = Difference(0.1, 0.02, 0.18, 0.01)


@pytest.fixture
def stub(monkeypatch):
    monkeypatch.setattr(ClassificationTask, "estimator", "stub")
    monkeypatch.setattr(Stub, "seen", [])
    host = load()
    host.estimators.add(EstimatorEntry(name="stub", factory=Stub, plugin="test", summary="x"))
    return host


def test_the_estimated_models_have_not_seen_what_they_are_estimated_by(files, stub):
    outcome = run("coral", files["reviews"], files["posts"], host=stub)
    candidate = Stub.seen[0]
    learnt, held_out = candidate.problem.source, candidate.held_out
    assert len(learnt) + len(held_out) == 80 and 12 <= len(held_out) <= 16
    assert outcome.source.counts == {"examples": 80}  # the model that predicts learnt from everything
    assert len(candidate.predictions) == len(candidate.problem.target) == 40


@pytest.mark.parametrize(
    ("change", "verdict", "sentence"),
    [
        (Difference(0.1, 0.02, 0.18, 0.01), "probably better", "Probably better than source-only: 80 against 70 ("),
        (Difference(-0.1, -0.18, -0.02, 0.01), "probably worse", "Probably worse than source-only: 70 against 80 ("),
        (
            Difference(0.1, -0.02, 0.22, 0.2),
            "cannot tell",
            "Cannot tell whether coral is better than source-only: 80 against 70, "
            "90 % interval of the difference -2.00 to +22.00 (",
        ),
    ],
)
def test_the_sentence_says_what_the_interval_supports_and_what_the_audit_found(
    files, stub, monkeypatch, change, verdict, sentence
):
    monkeypatch.setattr(Stub, "change", change)
    outcome = run("coral", files["reviews"], files["posts"], host=stub)
    assert outcome.verdict == verdict
    support = "estimated without labels; the estimate was within 4 points on 9 of 10 audited pairs)."
    assert verdicts.verdict(outcome).startswith(sentence + support)


def test_an_estimator_that_cannot_tell_leaves_the_predictions(files, stub, monkeypatch):
    def refuse(self, candidate):
        raise CannotTell("the domains have nothing in common")

    monkeypatch.setattr(Stub, "estimate", refuse)
    outcome = run("coral", files["reviews"], files["posts"], host=stub)
    assert outcome.estimates is None and outcome.verdict == "no labels"
    assert any("no estimates" in notice and "nothing in common" in notice for notice in outcome.notices)
    assert len(list(load_record(outcome.record).predictions())) == 40
    assert verdicts.verdict(outcome).startswith("No verdict: posts has no labels")


# Commands


@pytest.mark.parametrize("columns", ["80", "120"])
def test_what_people_see(wb, files, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    pair = ("--src", files["reviews"], "--tgt", files["posts"])
    code, out, _ = wb("run", "coral", *pair)
    assert code == 0
    assert "40 examples" in out and "accuracy (estimated)" in out and "estimated without labels" in out
    table = out.split("\n\n")[1]
    assert "accuracy (estimated)" in table and all(len(line) <= int(columns) for line in table.splitlines())
    assert "accuracy (estimated)" in wb("runs", "show", "last")[1]
    listed = wb("runs", "list")[1]
    assert "est." in listed.replace("\n", "")


def test_several_seeds_a_page_and_a_comparison_say_estimated(wb, files, tmp_path):
    pair = ("--src", files["reviews"], "--tgt", files["posts"])
    code, out, _ = wb("run", "source-only", *pair, "--seeds", "2", "--json")
    values = json.loads(out)
    name = values["estimates"]["estimator"]
    each = [one["scores"]["adapted"]["estimated_accuracy"]["value"] for one in values["runs"]]
    assert code == 0 and values["estimates"]["adapted"][name]["value"] == pytest.approx(sum(each) / 2)
    first, second = (one["record"] for one in values["runs"])
    code, out, err = wb("runs", "compare", first, second)
    assert code == 0 and "accuracy (estimated)" in out and "run 2 is not scored" in err
    assert wb("runs", "show", first, "--html", str(tmp_path / "page.html"))[0] == 0
    assert "Estimates, without labels" in (tmp_path / "page.html").read_text()


def test_a_bench_ranks_by_estimates_and_never_mixes_them_with_scores(wb, files, tmp_path):
    pairs = ",".join(f"{files['reviews']}:{files[target]}" for target in ("posts", "all"))
    options = ("--methods", "coral,source-only", "--pairs", pairs, "--unlabelled", files["posts"])
    code, out, err = wb("bench", *options, "--out", str(tmp_path / "bench"), "--json")
    assert code == 0 and "estimated" in err
    found = json.loads(out)
    figures = {(one["method"], one["figure"]) for one in found["ranking"] if one["role"] == "method"}
    assert figures == {(m, f) for m in ("coral", "source-only") for f in ("estimated_accuracy", "accuracy")}
    assert {cell["verdict"] for cell in found["cells"] if "verdict" in cell}
    code, out, _ = wb("bench", *options, "--out", str(tmp_path / "bench"))  # from what is written
    assert code == 0 and "accuracy (estimated)" in out and "(estimated)" in out


def test_settings_are_selected_without_labels(wb, files):
    pair = ("--src", files["reviews"], "--tgt", files["posts"])
    options = ("--select", "infomax", "--grid", "regularisation=0.1,1", "--json")
    code, out, _ = wb("run", "coral", *pair, *options)
    values = json.loads(out)
    assert code == 0 and values["selection"]["selector"] == "infomax" and "estimates" in values


def test_a_model_without_probabilities_ends_well(wb, files):
    pair = ("--src", files["reviews"], "--tgt", files["posts"])
    code, out, err = wb("run", "coral", *pair, "--classifier", "1nn", "--no-baseline")
    assert code == 0
    assert "40 examples" in out
    if "No verdict" in out:
        assert len([line for line in err.splitlines() if "no estimates" in line]) == 1


def test_regression_without_labels_ends_with_its_predictions(wb, tmp_path):
    draw = random.Random(0)
    rows = [(draw.random(), draw.random()) for _ in range(60)]
    (tmp_path / "s.csv").write_text("a,b,target\n" + "".join(f"{a},{b},{a + 2 * b}\n" for a, b in rows))
    (tmp_path / "t.csv").write_text("a,b\n" + "".join(f"{a},{b}\n" for a, b in rows[:20]))
    folder = tmp_path / "record"
    source, target = str(tmp_path / "s.csv"), str(tmp_path / "t.csv")
    code, out, err = wb("run", "source-only", "--src", f"targets:{source}", "--tgt", target, "--out", str(folder))
    assert code == 0 and "No verdict" in out
    assert "no estimates: nothing is known to estimate the accuracy of regression without labels" in err
    said = [row["adapted"] for row in load_record(folder).predictions()]
    assert said == pytest.approx([a + 2 * b for a, b in rows[:20]], abs=0.1)


def test_raw_sentences_are_tagged_and_told_how_sure(wb, tmp_path):
    (tmp_path / "notes.txt").write_text("The cell divides. The protein binds to the receptor.\n")
    folder = tmp_path / "record"
    pair = ("--src", "wsj@embedded", "--tgt", str(tmp_path / "notes.txt"))
    code, _, err = wb("run", "source-only", *pair, "--source-size", "60", "--out", str(folder))
    assert code == 0, err
    rows = list(load_record(folder).predictions())
    assert [len(row["input"]) for row in rows] == [4, 7]
    assert all(row["gold"] is None and len(row["adapted"]) == len(row["input"]) for row in rows)
