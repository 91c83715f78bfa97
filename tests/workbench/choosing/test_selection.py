"""Choosing settings without target labels, from the command to the record."""

import json
from dataclasses import replace

import numpy as np
import pytest

from wb_selection.outputs import Entropy
from workbench.choosing.candidates import Candidate
from workbench.choosing.grid import hold_out
from workbench.choosing.selectors import Selector, check_candidate, new_selector
from workbench.data.domains import Domain, Predictions, Problem
from workbench.errors import UsageError
from workbench.plugins.entries import SelectorEntry
from workbench.plugins.loading import load
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


TAGS = ("run", "source-only", "--src", "wsj", "--tgt", "medline", "--grid", "epochs=1,2")


def test_sequences_are_chosen_among_by_a_selector_that_takes_them(wb):
    """Taggers give the probabilities of every tag, which entropy needs."""
    code, out, err = wb(*TAGS, "--select", "entropy", "--json")
    assert code == 0, err
    assert [row["settings"] for row in json.loads(out)["selection"]["candidates"]] == [{"epochs": 1}, {"epochs": 2}]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            (*TAGS, "--select", "iwv"),
            "'iwv' is for classes and real labels, and this task has classes of tokens; selectors that fit: bnm, en",
        ),
        (
            (*RUN, "--grid", "classifier=1nn", "--select", "entropy"),
            "'entropy' needs probabilities, and this model gives none but 0 and 1; selectors that fit: bnm",
        ),
    ],
)
def test_a_selector_that_does_not_fit_names_those_that_do(wb, arguments, line):
    code, _, err = wb(*arguments)
    assert code == 2 and line in err, err


def test_a_strangers_selector_is_for_classes_and_stands_among_those_that_fit():
    class Size(Selector):
        def score(self, candidate):
            return float(len(candidate.predictions))

    host = load()
    host.selectors.add(SelectorEntry(name="size", factory=Size, plugin="stranger"))
    assert isinstance(new_selector("size", host, "classes"), Size)
    with pytest.raises(UsageError, match="'size' is for classes, and this task has real labels"):
        new_selector("size", host, "real")
    with pytest.raises(UsageError, match=r"fit: .*reverse-validation, size"):
        check_candidate("entropy", Entropy(), hard_candidate(), host)


def hard_candidate():
    source = Domain("s", "classification", np.zeros((2, 1)), np.array([0, 1]), ("a", "b"))
    problem = Problem("classification", (source,), source.unlabelled())
    return Candidate(None, problem, None, Predictions(np.array([0, 1]), ("a", "b")), lambda p: None)


@pytest.mark.parametrize("kind", ["classes", "sequence", "real"])
def test_a_fifth_of_every_source_is_held_out(kind):
    classes = () if kind == "real" else ("a", "b")
    labels = {
        "classes": np.arange(50) % 2,
        "sequence": [np.zeros(3, dtype=int)] * 50,
        "real": np.linspace(0, 1, 50),
    }[kind]
    source = Domain("s", "x", list(range(50)), labels, classes)
    problem = Problem("x", (source, replace(source, name="t")), source.unlabelled())
    rest, held_out = hold_out(problem, kind)
    assert len(held_out) == 20 and [len(domain) for domain in rest.sources] == [40, 40]
    assert sorted([*rest.sources[0].inputs, *held_out.inputs[:10]]) == list(range(50))
    if kind == "classes":
        assert [int((held_out.labels == c).sum()) for c in (0, 1)] == [10, 10]
