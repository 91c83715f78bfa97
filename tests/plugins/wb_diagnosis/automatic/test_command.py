"""``wb auto`` end to end on small real fits: records, predictions, the firewall, and Ctrl-C."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

SHIFT = ("--src", "shift/covariate-source", "--tgt", "shift/covariate-target", "--budget", "5m")
LARGE = (*(f"{name}?n=2000" if name.startswith("shift/") else name for name in SHIFT),)
QUICK = ("--methods", "coral,sa")
WORDS = {"good": ("fine", "nice", "warm", "bright"), "bad": ("cold", "dull", "poor", "grey")}
FILLERS = {"reviews": ("the", "book", "was", "read"), "posts": ("my", "pan", "is", "used")}


@pytest.fixture
def tables(tmp_path):
    """Reviews with labels, and posts in other words whose labels are on disk too."""
    generator = np.random.default_rng(0)

    def rows(fillers, n):
        for _ in range(n):
            label = str(generator.choice(list(WORDS)))
            yield " ".join([*generator.choice(WORDS[label], 2), *generator.choice(fillers, 3)]), label

    for name, fillers in FILLERS.items():
        write(tmp_path / f"{name}.csv", list(rows(fillers, 80)))
    write(tmp_path / "unlabelled.csv", [(row["text"],) for row in read(tmp_path / "posts.csv")], ("text",))
    return tmp_path


def write(path, rows, header=("text", "label")):
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])


def read(path):
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("columns", ["80", "120"])
def test_a_whole_search_in_one_screen(columns, wb, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    out = tmp_path / "predictions.csv"
    code, screen, err = wb("auto", *SHIFT, *QUICK, "--out", str(out))
    assert code == 0, err
    assert "300 examples labelled, 300 examples unlabelled" in screen and "chosen" in screen
    assert all(f"{word} " in screen for word in ("adapting", "how right", "predictions", "model", "took", "next"))
    assert len(read(out)) == 300 and {"label", "confidence"} <= set(read(out)[0])
    assert all(len(line) <= int(columns) for line in screen.splitlines() if "/" not in line)
    (name,) = re.findall(r"wb predict (\w+) --file", screen)
    code, listed, _ = wb("runs", "show", name)
    assert code == 0 and "shift/covariate-target" in listed


def test_json_says_the_same_and_three_models_are_kept(wb):
    code, out, _ = wb("auto", *SHIFT, *QUICK, "--json")
    result = json.loads(out)
    assert code == 0 and result["situation"] == "vectors" and result["seconds"] < result["budget"]
    rows = {row["title"]: row for row in result["rows"]}
    assert set(rows) == {"source-only (classifier=logreg)", "coral (classifier=logreg)", "sa (classifier=logreg)"}
    assert all(os.path.isdir(row["record"]) for row in rows.values())
    assert rows[result["chosen"]]["state"] == "chosen" and result["chosen"] == result["rows"][0]["title"]
    saved = json.loads((Path(rows[result["chosen"]]["record"]) / "run.json").read_text())
    assert saved["specification"]["target_labels"] == "none"
    assert saved["digest"] == rows[result["chosen"]]["name"]


def test_the_kept_model_predicts_what_was_written(wb, tables):
    out = tables / "out.csv"
    arguments = ("--src", str(tables / "reviews.csv"), "--tgt", str(tables / "unlabelled.csv"), "--methods", "coral")
    code, screen, err = wb("auto", *arguments, "--budget", "5m", "--out", str(out))
    assert code == 0, err
    assert "carry labels" not in screen and "scores by the labels" not in screen
    (name,) = re.findall(r"wb predict (\w+) --file", screen)
    assert [row["text"] for row in read(out)] == [row["text"] for row in read(tables / "posts.csv")]
    for row in read(out)[:5]:
        _, predicted, _ = wb("predict", name, "--text", row["text"], "--json")
        assert json.loads(predicted)["label"] == row["label"]


def without_times(result):
    rows = [{k: v for k, v in row.items() if k not in ("seconds", "record", "name")} for row in result["rows"]]
    return {**{k: v for k, v in result.items() if k not in ("seconds", "predictions")}, "rows": rows}


@pytest.mark.parametrize("tampered", ["permuted", "garbled"])
def test_no_label_of_the_target_changes_anything(tampered, wb, tables):
    """The firewall, on disk: the same posts with other labels give the same search, choice and predictions."""
    arguments = ["auto", "--src", str(tables / "reviews.csv"), "--tgt", str(tables / "posts.csv")]
    arguments += ["--methods", "domain-classifier,coral", "--budget", "5m", "--json", "--out", str(tables / "out.csv")]
    _, first, _ = wb(*arguments)
    predicted = [(row["predicted_label"], row["confidence"]) for row in read(tables / "out.csv")]
    posts = [(row["text"], row["label"]) for row in read(tables / "posts.csv")]
    other = np.random.default_rng(1).permutation([label for _, label in posts])
    if tampered == "garbled":
        other = [f"{label[::-1]}{number % 7}" for number, (_, label) in enumerate(posts)]
    write(tables / "posts.csv", [(text, label) for (text, _), label in zip(posts, other, strict=True)])
    _, second, _ = wb(*arguments)
    assert without_times(json.loads(first)) == without_times(json.loads(second))
    assert [(row["predicted_label"], row["confidence"]) for row in read(tables / "out.csv")] == predicted


def test_tagged_sentences(wb, tmp_path):
    out = tmp_path / "tags.jsonl"
    pair = ("--src", "wsj@embedded", "--tgt", "medline@embedded")
    code, printed, err = wb("auto", *pair, "--methods", "source-only", "--budget", "5m", "--json", "--out", str(out))
    assert code == 0, err
    result = json.loads(printed)
    assert result["situation"] == "sentences" and len(result["rows"]) == 1
    assert len(out.read_text().splitlines()) == result["predicted"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ((*SHIFT[:4], "--budget", "soon"), "give e.g. --budget 30s, 10m or 1h"),
        ((*SHIFT[:4], "--methods", "corl"), "did you mean coral?"),
        ((*SHIFT[:4], "--out", "predictions.parquet"), "give a name that ends in .csv"),
        (("--src", "lecture", "--tgt", "meeting"), "nothing to try by itself for relations"),
    ],
)
def test_what_cannot_be_done_is_one_line_before_any_fit(arguments, line, wb):
    code, out, err = wb("auto", *arguments)
    assert code == 2 and line in err and not out and "fit " not in err


def test_ctrl_c_keeps_the_best_so_far(tmp_path):
    """A real process is stopped while it fits the first entry after the reference."""
    out = tmp_path / "predictions.csv"
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", "auto", *LARGE, "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "WB_RUNS": str(tmp_path / "runs"), "COLUMNS": "120"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a background job of a shell ignores it
    )
    for line in process.stderr:
        if line.startswith("fit source-only"):
            time.sleep(0.1)
            process.send_signal(signal.SIGINT)
            break
    screen, _ = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "stopped before it" in screen and "stopped" in screen
    assert len(read(out)) == 2000 and len(list((tmp_path / "runs").iterdir())) >= 1
