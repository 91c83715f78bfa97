"""The rules of the advice on measured numbers, and what a pair's are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wb_diagnosis.advice import Measured, advise

USUAL = Measured("matrix", "classes", 3, 1000, 1000, auc=0.8, coral=0.4, share_change=0.0, unknown=None, accuracy=0.7)


def scores(measured):
    return {advice.family: advice.score for advice in advise(measured)}


def test_the_best_stand_first_and_each_says_why():
    given = advise(USUAL)
    assert [a.score for a in given] == sorted((a.score for a in given), reverse=True)
    assert all(advice.reason and advice.methods and -1 <= advice.score <= 1 for advice in given)


def test_domains_always_told_apart_speak_against_weights():
    assert scores(replace(USUAL, auc=0.999))["importance weights"] < 0 < scores(USUAL)["importance weights"]


def test_changed_shares_speak_for_their_correction_and_against_alignment():
    changed = scores(replace(USUAL, share_change=0.3))
    assert changed["label shift"] == max(changed.values())
    assert changed["alignment of distributions"] < scores(USUAL)["alignment of distributions"]


def test_alike_domains_and_a_high_estimate_leave_source_only():
    assert advise(replace(USUAL, auc=0.52))[0].family == "source-only"
    assert scores(replace(USUAL, accuracy=0.95))["source-only"] > scores(USUAL)["source-only"]


def test_unknown_words_speak_for_pivots_and_chance_against_self_training():
    words = replace(USUAL, kind="sentences", label_kind="sequence", unknown=0.28, auc=1.0)
    assert advise(words)[0].family in ("pivot features", "deep networks")
    assert scores(words)["pivot features"] > scores(replace(words, unknown=0.0))["pivot features"]
    assert scores(replace(USUAL, accuracy=0.36))["self-training"] < 0


@pytest.mark.parametrize("kind", ["classes", "sequence", "real"])
def test_nothing_measured_is_no_error(kind):
    assert advise(Measured("texts", kind, 2, 10, 10))
