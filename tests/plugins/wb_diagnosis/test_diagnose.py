"""`wb diagnose` from the command line."""

from __future__ import annotations

import json

import numpy as np
import pytest

from wb_diagnosis.diagnosing import diagnosed
from wb_diagnosis.scatter import braille
from workbench.data.checks import Check, Finding
from workbench.data.domains import Domain, Problem
from workbench.data.pairs import Pair
from workbench.plugins.entries import CheckEntry

PAIR = ("--src", "shift/covariate-source", "--tgt", "shift/covariate-target")
WORDS = ["good", "bad", "film", "plot", "actor", "scene", "very", "not", "the", "a", "it", "was"]
CODES = [f"WB{number:03}" for number in range(1, 12)]


@pytest.fixture
def reviews(tmp_path):
    """A labelled file and one whose texts hold markup, of which one is in both."""
    generator = np.random.default_rng(0)

    def text():
        return " ".join(generator.choice(WORDS, 15))

    rows = [(text(), "pn"[i % 2]) for i in range(120)]
    for name, form in (("here.csv", "{},{}"), ("there.csv", "<b>{}</b>,{}")):
        lines = [form.format(line, label) for line, label in rows]
        rows = [*[(text(), "pn"[i % 2]) for i in range(119)], rows[7]]
        (tmp_path / name).write_text("\n".join(["text,label", *lines]) + "\n")
    return "--src", str(tmp_path / "here.csv"), "--tgt", str(tmp_path / "there.csv")


def test_every_check_is_made_and_told(wb):
    code, out, err = wb("diagnose", *PAIR, "--json")
    assert code == 0, err
    told = json.loads(out)
    assert [check["code"] for check in told["checks"]] == CODES and not told["failed"]
    assert told["examples"] == [300, 300] and told["seconds"] > 0
    first = told["checks"][0]
    assert first["status"] == "note" and first["interval"][0] <= first["number"] <= first["interval"][1]
    assert {measure["name"] for measure in first["measures"]} == {"proxy A-distance", "squared MMD", "CORAL distance"}


@pytest.mark.parametrize("columns", [80, 120])
def test_one_screen_fits_the_terminal(wb, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    code, out, _ = wb("diagnose", *PAIR, "--fast")
    lines = [line for line in out.splitlines() if "$ wb" not in line]
    assert code == 0 and max(map(len, lines)) <= columns and len(lines) <= 60
    assert all(number in out for number in CODES)
    assert "$ wb run" in out


def test_texts_of_two_files(wb, reviews):
    code, out, err = wb("diagnose", *reviews, "--json", "--skip", "WB009")
    assert code == 0, err
    found = {check["code"]: check for check in json.loads(out)["checks"]}
    assert found["WB007"]["status"] == "issue" and "markup" in found["WB007"]["message"]
    assert found["WB002"]["details"][0].startswith("target has more: b")


def test_sentences(wb):
    code, out, err = wb("diagnose", "--src", "wsj@embedded", "--tgt", "medline@embedded", "--json")
    assert code == 0, err
    found = {check["code"]: check for check in json.loads(out)["checks"]}
    assert found["WB001"]["number"] > 0.9 and found["WB005"]["status"] == "issue"
    assert found["WB003"]["status"] != "not applicable" and "scl" in found["WB010"]["command"]


def test_only_skip_and_fail_on(wb):
    code, out, _ = wb("diagnose", *PAIR, "--only", "wb006,power", "--json")
    assert code == 0 and [check["code"] for check in json.loads(out)["checks"]] == ["WB006", "WB008"]
    assert wb("diagnose", *PAIR, "--only", "WB006", "--fail-on", "note")[0] == 0
    assert wb("diagnose", *PAIR, "--only", "WB008", "--fail-on", "issue")[0] == 1
    assert wb("diagnose", *PAIR, "--only", "WB001", "--fail-on", "issue")[0] == 0
    assert wb("diagnose", *PAIR, "--only", "WB001", "--fail-on", "note")[0] == 1
    code, _, err = wb("diagnose", *PAIR, "--only", "WB099")
    assert code == 2 and "no check 'WB099'" in err


def test_what_does_not_belong_together_ends_in_one_line(wb, tmp_path):
    code, _, err = wb("diagnose", "--src", "wsj@embedded", "--tgt", "shift/covariate-target")
    assert code == 2 and "is for tagging but" in err
    code, _, err = wb("diagnose", *PAIR, "--picture", str(tmp_path / "both.doc"))
    assert code == 2 and "give a name that ends in .png" in err


@pytest.mark.parametrize("name", ["both.png", "both.svg"])
def test_a_picture_of_both_domains(wb, tmp_path, name):
    code, out, err = wb("diagnose", *PAIR, "--only", "WB008", "--picture", str(tmp_path / name))
    assert code == 0, err
    content = (tmp_path / name).read_bytes()
    assert content.startswith(b"\x89PNG") if name.endswith("png") else b"<svg" in content
    assert name in out


def test_points_lie_where_they_are_drawn():
    corners = np.array([[0.0, 0.0], [1.0, 1.0]])
    lines = braille(corners, np.zeros(2), np.ones(2), 3, 2)
    # The lower left dot of the lower left sign, the upper right one of the upper right sign.
    assert lines == ["\u2800\u2800\u2808", "\u2840\u2800\u2800"]


def test_a_check_that_fails_leaves_the_others_alone(host):
    class Broken(Check):
        code = "BAD1"

        def check(self, pair):
            raise ZeroDivisionError("by design")

    class Fine(Check):
        code = "FINE1"

        def check(self, pair):
            return Finding(self.code, "passed", "fine")

    entries = [CheckEntry(name=kind.code, plugin="stranger", factory=kind, summary="s") for kind in (Broken, Fine)]
    points = np.random.default_rng(0).normal(size=(20, 2))
    source = Domain("s", "classification", points, np.arange(20) % 2, ("a", "b"))
    given = Pair(Problem("classification", (source,), Domain("t", "classification", points)), host)
    told = []
    diagnosis = diagnosed(given, entries, told.append)
    assert [checked.finding.code for checked in diagnosis.checks] == ["FINE1"] and diagnosis.failed == ("BAD1",)
    assert len(told) == 1 and "stranger" in told[0] and "by design" in told[0]
