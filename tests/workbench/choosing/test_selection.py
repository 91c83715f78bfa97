"""Choosing settings without target labels, from the command to the record."""

import json

import pytest

from workbench.running import records

SHIFT = ("--src", "shift/subspace-source", "--tgt", "shift/subspace-target")
RUN = ("run", "tca", *SHIFT, "--classifier", "logreg")


def test_the_best_candidate_is_run_and_the_record_says_how_it_was_chosen(wb):
    code, out, err = wb(*RUN, "--select", "infomax", "--grid", "components=1,3,6", "--json")
    assert code == 0, err
    found = json.loads(out)
    chosen = found["selection"]
    best = max(chosen["candidates"], key=lambda row: row["score"])
    assert chosen["chosen"] == best["settings"] == {"components": found["settings"]["components"]}
    assert len(chosen["candidates"]) == 3
    assert "selected by infomax without target labels" in found["protocol"]
    assert records.find("last").run["selection"] == chosen
    code, out, _ = wb("runs", "show", "last")
    assert "of 3 candidates by infomax, without target labels" in out


def test_the_grid_is_a_product(wb):
    arguments = ("--select", "bnm", "--grid", "components=2,3", "--grid", "unit-rows=true,false", "--json")
    found = json.loads(wb(*RUN, *arguments)[1])
    assert [row["settings"] for row in found["selection"]["candidates"]] == [
        {"components": 2, "unit_rows": True},
        {"components": 2, "unit_rows": False},
        {"components": 3, "unit_rows": True},
        {"components": 3, "unit_rows": False},
    ]


def test_the_oracle_must_be_allowed_and_is_marked(wb):
    code, _, err = wb(*RUN, "--select", "oracle", "--grid", "components=2,3")
    assert code == 2 and "--allow-target-labels" in err
    code, out, _ = wb(*RUN, "--select", "oracle", "--grid", "components=2,3", "--allow-target-labels", "--json")
    found = json.loads(out)
    assert "SELECTED ON TARGET LABELS (oracle)" in found["protocol"]
    best = max(row["score"] for row in found["selection"]["candidates"])
    assert found["scores"]["adapted"]["accuracy"]["value"] == pytest.approx(best)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--select", "entropi", "--grid", "components=2"), "did you mean entropy"),
        (("--select", "entropy"), "--grid NAME=A,B"),
        (("--grid", "components=2,3"), "give --select NAME"),
        (("--select", "entropy", "--grid", "component=2"), "no setting 'component'"),
        (("--select", "entropy", "--grid", "components=2,0"), "'components'"),
        (("--select", "entropy", "--grid", "components"), "not NAME=VALUE"),
        (("--select", "entropy", "--grid", "classifier=1nn,1nn"), "needs probabilities"),
    ],
)
def test_a_wrong_choice_ends_in_one_line(wb, arguments, line):
    code, out, err = wb(*RUN, *arguments)
    assert code == 2, out
    assert line in err
    assert "Traceback" not in err
