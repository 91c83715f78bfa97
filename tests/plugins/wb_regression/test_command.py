"""Regression from the command line: runs, shots, selection, seeds, prediction of files, and refusals."""

import json

import numpy as np
import pytest

from wb_regression.task import RegressionTask
from workbench.data.domains import Domain
from workbench.errors import UsageError
from workbench.running import records

PAIR = ("--src", "shift/regression-source", "--tgt", "shift/regression-target")


def run(wb, *arguments):
    code, out, err = wb("run", *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def test_importance_weights_help_significantly_and_the_record_holds_numbers(wb):
    summary = run(wb, "kmm-ridge", *PAIR)
    assert summary["verdict"] == "positive"
    change = summary["difference"]["rmse"]
    assert change["value"] < -0.5 and change["high"] < 0 and change["p"] < 0.001
    rows = list(records.find("last").predictions())
    assert len(rows) == 300
    for row in rows[:3]:
        assert all(isinstance(row[key], float) for key in ("gold", "adapted", "baseline"))
    errors = [row["adapted"] - row["gold"] for row in rows]
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(summary["scores"]["adapted"]["rmse"]["value"])


def test_shots_are_given_away_and_not_scored(wb):
    summary = run(wb, "tradaboost-r2", *PAIR, "--shots", "8")
    assert summary["protocol"].startswith("inductive, 8 labelled target shots")
    notes = records.find("last").run["notes"]
    assert notes["labelled_target_examples"] == 8 and len(notes["trace"]) == 30
    assert notes["trace"][-1]["target_share"] > notes["trace"][0]["target_share"]


def test_a_selector_for_real_labels_chooses_and_others_are_refused(wb):
    grid = ("--grid", "penalty=1,100000")
    summary = run(wb, "ulsif-ridge", *PAIR, "--select", "iwv", *grid)
    assert summary["selection"]["chosen"]["penalty"] == summary["settings"]["penalty"] == 1
    code, _, err = wb("run", "ulsif-ridge", *PAIR, "--select", "entropy", *grid)
    assert code == 2
    assert "'entropy' is for classes" in err and "selectors that fit: dev, iwv, reverse-validation" in err
    code, _, err = wb("run", "tradaboost-r2", *PAIR, "--shots", "5", "--select", "reverse-validation", *grid)
    assert code == 2 and "selectors that fit: dev, iwv" in err


def test_two_seeds_are_combined(wb):
    summary = run(wb, "two-stage-tradaboost-r2", *PAIR, "--shots", "6", "--seeds", "2", "--steps", "4")
    assert summary["seeds"] == [0, 1] and len(summary["runs"]) == 2
    values = [one["scores"]["adapted"]["rmse"]["value"] for one in summary["runs"]]
    assert summary["scores"]["adapted"]["rmse"]["value"] == pytest.approx(np.mean(values))


def files(folder):
    """A source and a target as CSV, and the target's features alone."""
    generator = np.random.default_rng(0)
    for name, shift in (("source", 0.0), ("target", 1.0)):
        x = generator.normal(shift, 1, size=(40, 2))
        y = x[:, 0] - 2 * x[:, 1] + generator.normal(0, 0.1, 40)
        rows = [f"{a!r},{b!r},{c!r}" for a, b, c in zip(*x.T.tolist(), y.tolist(), strict=True)]
        (folder / f"{name}.csv").write_text("\n".join(["a,b,target", *rows]))
        (folder / "new.csv").write_text("\n".join(["a,b", *(row.rpartition(",")[0] for row in rows)]))
    return [f"targets:{folder / name}.csv" for name in ("source", "target", "new")]


def test_files_are_run_and_predicted(wb, tmp_path):
    source, target, new = files(tmp_path)
    summary = run(wb, "kmm-ridge", "--src", source, "--tgt", target)
    assert summary["scores"]["adapted"]["r2"]["value"] > 0.9
    code, out, err = wb("predict", "last", "--file", new, "--json")
    assert code == 0, err
    predicted = [json.loads(line)["label"] for line in out.splitlines()]
    np.testing.assert_allclose(predicted, [row["adapted"] for row in records.find("last").predictions()])
    code, out, _ = wb("predict", "last", "--text", "1 2\n0.5, 0")
    assert code == 0 and len(out.splitlines()) == 2
    assert float(out.split("\t")[0]) == pytest.approx(-3, abs=0.5)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("coral", *PAIR), "'coral' is for classification, but the data is for regression"),
        (("tradaboost-r2", *PAIR), "give --shots K"),
        (("two-stage-tradaboost-r2", *PAIR, "--shots", "1"), "give --shots 2 or more"),
        (("kmm-ridge", "--src", "shift/regression-source", "--tgt", "shift/covariate-target"), "is for classification"),
    ],
)
def test_what_does_not_fit_ends_in_one_line(wb, arguments, line):
    code, _, err = wb("run", *arguments)
    assert code == 2 and line in err and "Traceback" not in err


def test_shots_of_real_labels_are_drawn_at_random():
    domain = Domain("t", "regression", np.zeros((50, 1)), np.linspace(0, 1, 50))
    chosen, withheld = RegressionTask().choose_shots(domain, 5, seed=3)
    assert len(set(chosen.tolist())) == 5 and np.array_equal(chosen, withheld)
    assert not np.array_equal(chosen, RegressionTask().choose_shots(domain, 5, seed=4)[0])
    assert len(RegressionTask().choose_shots(domain, 500, seed=3)[0]) == 50


def test_typed_numbers_are_features_and_anything_else_is_text():
    task = RegressionTask()
    np.testing.assert_array_equal(task.parse("1 2\n3,4\n"), [[1, 2], [3, 4]])
    assert task.parse("a good film\n5 stars") == ["a good film", "5 stars"]
    with pytest.raises(UsageError, match="as many features"):
        task.parse("1 2\n3")


def test_the_table_says_numbers_as_they_are_and_which_way_is_better(wb):
    code, out, err = wb("run", "ulsif-ridge", *PAIR, "--seeds", "2")
    assert code == 0, err
    assert "RMSE (lower is better)" in out and "points" not in out
    assert "Positive: ulsif-ridge helps, -0." in out and "Ahead in 2 of 2 runs" in out
