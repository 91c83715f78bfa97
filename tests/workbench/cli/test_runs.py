"""``wb runs``: what a person sees of records, and what programs read."""

import json
import tempfile
from pathlib import Path

import numpy as np
import pytest

from workbench import load, run
from workbench.cli import call
from workbench.report.comparing import against_first, cells
from workbench.running import records

PAIR = ("shift/covariate-source", "shift/covariate-target")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two runs on the same examples and one on others."""
    parent = tmp_path_factory.mktemp("runs")
    run("tca", *PAIR, out=parent / "20260101T000000-tca", components=3)
    run("sa", *PAIR, out=parent / "20260101T000001-sa")
    run("sa", "shift/subspace-source", "shift/subspace-target", out=parent / "20260101T000002-sa-other")
    return parent


def test_every_figure_is_compared_by_the_evaluators_own_statistics(folder):
    first, second = (records.find(name, folder) for name in ("000000-tca", "000001-sa"))
    rows = against_first([first, second], load())
    assert rows[0].difference == {} and rows[1].same_examples
    change = rows[1].difference
    assert set(change) == {"accuracy", "macro_f1"}
    for name, difference in change.items():
        apart = second.outcome.comparison.adapted[name].value - first.outcome.comparison.adapted[name].value
        assert difference.value == pytest.approx(apart)
        assert difference.low <= difference.value <= difference.high
    # The accuracy's test counted again from the predictions, example by example.
    right = [np.array([row["gold"] == row["adapted"] for row in record.predictions()]) for record in (first, second)]
    assert change["accuracy"].value == pytest.approx(right[1].mean() - right[0].mean())


def test_runs_on_other_examples_are_not_tested(wb, folder):
    code, out, err = wb("runs", "compare", "20260101T000000", "sa-other", "--at", str(folder))
    assert code == 0 and "run 2 scored other examples than run 1" in err and "p " not in out.split("figure")[1]


def test_a_comparison_shows_each_figure_with_its_difference_and_p(wb, folder):
    code, out, _ = wb("runs", "compare", "20260101T000000", "20260101T000001", "--at", str(folder))
    assert code == 0 and "1 tca" in out and "2 sa" in out and ", p " in out
    rows = json.loads(wb("runs", "compare", "20260101T000000", "20260101T000001", "--at", str(folder), "--json")[1])
    assert set(rows[1]["difference"]["accuracy"]) == {"value", "low", "high", "p"}
    headers, lines = cells(against_first([records.find("20260101T000000", folder)], load()))
    assert headers == ["figure", "1 tca"] and [line[0] for line in lines] == ["accuracy", "macro-F1"]


def test_a_list_is_filtered_by_what_records_hold(wb, folder):
    names = lambda *given: [  # noqa: E731
        row["name"] for row in json.loads(wb("runs", "list", "--at", str(folder), "--json", *given)[1])
    ]
    assert len(names()) == 3
    assert names("--where", "method=tca") == ["20260101T000000-tca"]
    assert names("--where", "method=sa", "--where", "source=shift/subspace-source") == ["20260101T000002-sa-other"]
    assert names("--where", "components=3") == ["20260101T000000-tca"]
    assert names("--limit", "1") == ["20260101T000002-sa-other"]
    assert "components=3" in wb("runs", "list", "--at", str(folder), "--settings")[1]


def test_the_records_of_benches_are_listed_too(wb, folder):
    inner = folder / "bench-x" / "records"
    inner.mkdir(parents=True)
    run("sa", *PAIR, out=inner / "20260101T000009-of-a-bench")
    assert records.find("last", folder).name == "20260101T000009-of-a-bench"
    records.remove(records.find_folder("of-a-bench", folder))


def test_a_page_leaves_no_folder_behind(wb, folder, tmp_path):
    before = set(Path(tempfile.gettempdir()).glob("wb-figures-*"))
    code, _, err = wb("runs", "show", "20260101T000000", "--at", str(folder), "--html", str(tmp_path / "page.html"))
    assert code == 0, err
    assert set(Path(tempfile.gettempdir()).glob("wb-figures-*")) == before
    assert "<table>" in (tmp_path / "page.html").read_text()


def test_a_record_that_is_damaged_inside_is_one_line(folder, capsys, tmp_path):
    import shutil

    shutil.copytree(folder / "20260101T000000-tca", tmp_path / "r")
    scores = json.loads((tmp_path / "r" / "scores.json").read_text())
    scores["scores"]["adapted"]["accuracy"]["value"] = "high"
    (tmp_path / "r" / "scores.json").write_text(json.dumps(scores))
    assert call(["runs", "show", str(tmp_path / "r")]) == 1
    assert "a damaged record" in capsys.readouterr().err


@pytest.mark.parametrize("columns", [80, 100, 140])
def test_tables_fit_the_terminal(wb, folder, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    code, out, _ = wb("runs", "show", "20260101T000000", "--at", str(folder))
    table = out.split("\n\n")[2]
    assert code == 0 and max(map(len, table.splitlines())) <= columns
