"""Predictions as a table."""

import csv

PAIR = ("--src", "shift/covariate-source?n=40", "--tgt", "shift/covariate-target?n=40")


def test_a_line_for_each_example_with_what_each_model_said(wb, tmp_path):
    assert wb("run", "coral", *PAIR)[0] == 0
    folder = tmp_path / "out"
    code, out, _ = wb("runs", "export", "last", "--to", "csv", "--out", str(folder))
    assert code == 0 and out.strip() == str(folder / "predictions.csv")
    rows = list(csv.DictReader((folder / "predictions.csv").open(encoding="utf-8")))
    assert len(rows) == 40
    assert all(row["gold"].startswith("class ") and row["adapted"] and row["baseline"] for row in rows)
    code, _, err = wb("runs", "export", "last", "--to", "csv", "--out", str(folder))
    assert code == 2 and "exists" in err
    code, _, err = wb("runs", "export", "last", "--to", "csw", "--out", str(tmp_path / "other"))
    assert code == 2 and "did you mean csv" in err
    assert not (tmp_path / "other").exists()


def test_a_sentence_has_a_line_for_each_word():
    from wb_export.tables import lines

    row = {"input": ["a", "b"], "gold": ["X", "Y"], "adapted": ["X", "Z"]}
    assert list(lines(3, row)) == [
        {"example": 3, "input": "a", "gold": "X", "adapted": "X"},
        {"example": 3, "input": "b", "gold": "Y", "adapted": "Z"},
    ]
