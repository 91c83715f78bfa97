"""`label-shift`: known shares are found, accuracy rises where they moved, and nothing is lost where they did not."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from wb_corpora.shifts import draw
from wb_instance.label_shift import LabelShiftClassifier

PAIR = ("--src", "shift/target-source", "--tgt", "shift/target-target")
TARGET = [0.1, 0.2, 0.7]
"""The shares of the generated target; its source's classes are equal."""


def domain(side: str, seed: int, n: int = 600) -> tuple[np.ndarray, np.ndarray]:
    return draw("target", side, n, 5, np.random.default_rng(seed))


@pytest.mark.parametrize("estimator", ["em", "bbse", "bbse-soft", "rlls"])
@pytest.mark.parametrize("correct", ["predictions", "retrain", "both"])
def test_the_shares_are_found_and_accuracy_rises(estimator, correct):
    gains = []
    for seed in range(2):
        source, labels = domain("source", 3 * seed)
        target, gold = domain("target", 3 * seed + 1)
        model = LabelShiftClassifier(estimator, correct).fit(source, labels, target)
        assert model.shares_ == pytest.approx(TARGET, abs=0.06)
        assert model.predict_proba(target).mean(axis=0) == pytest.approx(TARGET, abs=0.06)
        plain = LogisticRegression().fit(source, labels)
        gains.append(model.score(target, gold) - plain.score(target, gold))
    assert np.mean(gains) > 0.01


@pytest.mark.parametrize("correct", ["predictions", "retrain", "both"])
def test_without_a_shift_nothing_is_lost(correct):
    differences = []
    for seed in range(4):
        (source, labels), (target, gold) = domain("source", 2 * seed), domain("source", 2 * seed + 1)
        model = LabelShiftClassifier(correct=correct).fit(source, labels, target)
        plain = LogisticRegression().fit(source, labels)
        differences.append(model.score(target, gold) - plain.score(target, gold))
    assert abs(np.mean(differences)) < 0.006


def test_the_corrections_agree_where_the_classifier_is_right():
    """Of a well-specified classifier the corrected predictions and the ones trained on weights are nearly the same."""
    (source, labels), (target, _) = domain("source", 0, 4000), domain("target", 1, 4000)
    corrected, trained = (
        LabelShiftClassifier(correct=how).fit(source, labels, target) for how in ("predictions", "both")
    )
    assert np.abs(corrected.predict_proba(target) - trained.predict_proba(target)).mean() < 0.01


def test_margins_serve_and_a_class_with_one_example_is_no_trouble():
    (source, labels), (target, _) = domain("source", 0), domain("target", 1)
    model = LabelShiftClassifier(classifier=LinearSVC()).fit(source, labels, target)
    assert model.shares_ == pytest.approx(TARGET, abs=0.06)
    few = np.r_[np.flatnonzero(labels < 2), np.flatnonzero(labels == 2)[:1]]
    model = LabelShiftClassifier().fit(source[few], labels[few], target)
    assert np.isfinite(model.predict_proba(target)).all()


def test_a_run_keeps_the_shares_and_its_model_predicts_as_it_did(wb, tmp_path):
    code, out, err = wb("run", "label-shift", *PAIR, "--correct", "both", "--json")
    assert code == 0, err
    outcome = json.loads(out)
    assert list(outcome["notes"]["target_shares"].values()) == pytest.approx(TARGET, abs=0.06)
    assert outcome["difference"]["accuracy"]["value"] > 0.02
    assert len(wb("predict", "last", "--file", "shift/target-target?n=30")[1].splitlines()) == 31  # and a header


def test_a_classifier_that_cannot_serve_is_refused(wb):
    code, _, err = wb("run", "label-shift", *PAIR, "--correct", "retrain", "--classifier", "1nn")
    assert code == 2
    assert "takes no weights" in err
