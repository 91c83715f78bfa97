"""Estimated class shares of a run: by whichever model, with what differs named in words."""

from __future__ import annotations

import json

import pytest

from workbench.choosing.candidates import Candidate
from workbench.choosing.grid import hold_out
from workbench.data.domains import Problem
from workbench.data.opening import open_corpus
from workbench.methods.variants import make
from workbench.plugins.loading import load
from workbench.progress import Progress
from workbench.report.shares import share_lines
from workbench.running.class_shares import class_shares
from workbench.running.outcome import ClassShare, ClassShares
from workbench.scoring.comparing import Estimate

HOST = load()
NAMES = ("class 0", "class 1", "class 2")


def candidate(target: str, classifier: str) -> tuple[Candidate, object]:
    """A source-only model of the generated source, with a fifth of it held out, and the target with its labels."""
    task = HOST.tasks.get("classification").load()()
    source = open_corpus("shift/target-source?n=800", HOST).labelled("train", task)
    gold = open_corpus(f"shift/{target}?n=800", HOST).labelled("test", task)
    problem, held_out = hold_out(Problem("classification", (source,), gold.unlabelled()))
    method = make(HOST.methods.get("source-only", "classification"), {"classifier": classifier}, HOST)
    model = method.fit(problem, Progress())
    fit = lambda other: method.fit(other, Progress())  # noqa: E731
    return Candidate(model, problem, held_out, model.predict(gold.inputs), fit), gold


@pytest.mark.parametrize(("classifier", "estimator"), [("logreg", "em"), ("svm", "bbse")])
def test_known_shares_lie_in_the_intervals_with_and_without_probabilities(classifier, estimator):
    fitted, gold = candidate("target-target", classifier)
    shares = class_shares(fitted, "source-only", gold)
    assert shares is not None
    assert shares.estimator == estimator
    assert tuple(shares.classes) == NAMES
    for name, actual in zip(NAMES, (0.1, 0.2, 0.7), strict=True):
        share = shares.classes[name]
        assert share.source == pytest.approx(1 / 3, abs=0.05)
        assert share.target.value == pytest.approx(actual, abs=0.07)
        assert share.actual == pytest.approx(actual, abs=0.05)
        assert share.target.low <= share.target.value <= share.target.high
    assert shares.differing[0][0] == "class 2"
    (line,) = share_lines(shares)
    assert "class 2 " in line and "in the source 3" in line and "by its labels" in line


def test_without_a_shift_no_class_is_named():
    fitted, _ = candidate("target-source", "logreg")
    (line,) = share_lines(class_shares(fitted, "source-only"))
    assert "none clearly differs" in line


def test_what_a_line_has_no_room_for_is_counted():
    share = ClassShare(source=0.1, target=Estimate(0.2, 0.15, 0.25), differs=True)
    near = ClassShare(source=0.1, target=Estimate(0.12, 0.11, 0.13))
    shares = ClassShares(estimator="em", model="tca", classes={**{str(n): share for n in range(5)}, "near": near})
    (line,) = share_lines(shares)
    assert "2 more in --json" in line and "near" not in line
    assert share_lines(None) == []


def test_a_run_without_target_labels_tells_them_and_one_with_labels_when_asked(wb):
    pair = ("--src", "shift/target-source", "--tgt", "shift/target-target", "--classifier", "logreg")
    code, out, err = wb("run", "source-only", *pair, "--target-labels", "none")
    assert code == 0, err
    assert "Class shares in the target, estimated: class 2 " in out and "by its labels" not in out
    assert "Class shares" in wb("runs", "show", "last")[1]
    plain, asked = (
        json.loads(wb("run", "source-only", *pair, *more, "--json")[1]) for more in ((), ("--class-shares",))
    )
    assert "shares" not in plain
    share = asked["shares"]["classes"]["class 2"]
    assert share["target"]["low"] < share["actual"] < share["target"]["high"]
    assert {**asked, "shares": 0}.keys() - plain.keys() == {"shares"} and asked["scores"] == plain["scores"]


def test_real_labels_have_no_shares(wb):
    pair = ("--src", "shift/regression-source", "--tgt", "shift/regression-target")
    code, _, err = wb("run", "source-only", *pair, "--class-shares")
    assert code == 0 and "no class shares: regression has no classes" in err
