"""Runs by analogy from the command line, on the embedded sample and on real data."""

import json

import pytest

from workbench.cli import call


def test_lectures_to_meetings(wb):
    code, out, err = wb("run", "relation", "--src", "lecture", "--tgt", "meeting", "--shots", "1")
    assert code == 0 and "Positive: relation helps" in out
    for companion in ("target-rules", "random-analogy", "mapped-rules"):
        assert f"AUC-PR, {companion}" in out
    assert "closed world" in err
    code, out, _ = wb("relation", "map", "last")
    assert code == 0 and "explains_to : briefs" in out and "teaches : leads" in out
    code, out, _ = wb("relation", "explain", "last", "manager0", "staff4")
    assert code == 0 and "leads(X, A), works_on(Y, A)" in out and "P = " in out
    code, out, _ = wb("runs", "draw", "last")
    assert code == 0 and "analogy.png" in out


def test_an_explanation_adds_up(wb):
    assert wb("run", "relation", "--src", "lecture", "--tgt", "meeting", "--shots", "2")[0] == 0
    _, out, _ = wb("relation", "explain", "last", "manager0", "staff1", "--json")
    found = json.loads(out)
    assert sum(row["total"] for row in found["clauses"]) + found["intercept"] == pytest.approx(found["score"])


def test_companions_are_in_the_json(wb):
    _, out, _ = wb("run", "relation", "--src", "lecture", "--tgt", "meeting", "--shots", "1", "--seeds", "2", "--json")
    summary = json.loads(out)
    assert set(summary["companions"]) == {"target-rules", "random-analogy", "mapped-rules"}
    assert 0 <= summary["companions"]["mapped-rules"]["auc_pr"]["value"] <= 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("explain", "last", "nobody", "staff1"), "unknown constant nobody"),
        (("explain", "last", "course", "staff1"), "unknown constant course"),
        (("map", "no-such-run"), "no run"),
    ],
)
def test_wrong_names_end_in_one_line(wb, arguments, message):
    wb("run", "relation", "--src", "lecture", "--tgt", "meeting")
    code, _, err = wb("relation", *arguments)
    assert code == 2 and message in err and "Traceback" not in err


def test_no_world_is_both_learnt_from_and_scored(wb):
    _, out, _ = wb("run", "relation", "--src", "lecture", "--tgt", "meeting", "--shots", "all", "--json")
    summary = json.loads(out)
    assert summary["target"]["counts"]["mega-examples"] == 5
    assert "all labelled target shots" in summary["protocol"]


@pytest.fixture(scope="module")
def relational(mirror, tmp_path_factory):
    folder = tmp_path_factory.mktemp("relational")
    patch = pytest.MonkeyPatch()
    patch.setenv("WB_DATA", str(folder))
    try:
        assert call(["data", "get", "imdb", "uwcse", "cora", "--from", str(mirror)]) == 0
    finally:
        patch.undo()
    return folder


@pytest.mark.real
@pytest.mark.parametrize(
    ("source", "target", "least", "baseline"), [("imdb", "uwcse", 0.27, 0.20), ("imdb", "cora", 0.48, 0.38)]
)
def test_published_pairs_reach_their_figures(wb, relational, monkeypatch, source, target, least, baseline):
    monkeypatch.setenv("WB_DATA", str(relational))
    arguments = ("run", "relation", "--src", source, "--tgt", target, "--shots", "1", "--seeds", "40", "--json")
    code, out, _ = wb(*arguments)
    scores = json.loads(out)["scores"]
    assert code == 0
    assert scores["adapted"]["auc_pr"]["value"] >= least
    assert scores["baseline"]["auc_pr"]["value"] >= baseline


@pytest.mark.real
def test_a_bad_analogy_costs_little(wb, relational, monkeypatch):
    monkeypatch.setenv("WB_DATA", str(relational))
    arguments = ("run", "relation", "--src", "cora", "--tgt", "imdb", "--shots", "1", "--seeds", "10", "--json")
    difference = json.loads(wb(*arguments)[1])["difference"]["auc_pr"]["value"]
    assert difference >= -0.02
