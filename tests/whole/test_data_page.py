"""The commands of docs/data.md on one's own files run, in the page's order, on files such as it describes."""

import csv
import io
import json
import re
import shlex
import sys
from pathlib import Path

import numpy as np
import pytest

PAGE = Path(__file__).parents[2] / "docs" / "data.md"
END = "## What can be named"

NOUNS = {"source": ("book", "story", "novel", "hero"), "target": ("pan", "lid", "oven", "knife")}
JUDGED = (("a lovely little", "good"), ("a dull broken", "bad"))


def commands() -> list[str]:
    """What stands indented in the page's part on own files."""
    own = PAGE.read_text(encoding="utf-8").partition(END)[0]
    return re.findall(r"^    ((?:wb|echo) .+)$", own, re.MULTILINE)


def sentences(side: str, n: int = 60) -> list[tuple[str, str]]:
    return [(f"{JUDGED[k % 2][0]} {NOUNS[side][k % 4]} {k % 7}", JUDGED[k % 2][1]) for k in range(n)]


def table(path: str, header: list[str], rows: list[list[object]]) -> None:
    with Path(path).open("w", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])


@pytest.fixture
def own_files(tmp_path, monkeypatch):
    """Files such as the page describes, in the working directory."""
    pyarrow = pytest.importorskip("pyarrow")
    image = pytest.importorskip("PIL.Image")
    from pyarrow import parquet

    monkeypatch.chdir(tmp_path)
    source, target = sentences("source"), sentences("target")
    table("reviews.csv", ["text", "label"], [list(row) for row in source])
    table("posts.csv", ["text"], [[text] for text, _ in target])
    table("next-month.csv", ["text"], [[text.replace("pan", "kettle")] for text, _ in target])
    table("stars.csv", ["headline", "body", "stars"], [["well", *row] for row in source])
    table("forum.csv", ["headline", "body"], [["well", text] for text, _ in target])
    draw = np.random.default_rng(0)
    measured = [[k, *(draw.normal(k % 2, 0.2, 3).round(3)), JUDGED[k % 2][1]] for k in range(60)]
    table("measured.csv", ["plant", "a", "b", "c", "label"], measured)
    table("later.csv", ["plant", "a", "b", "c"], [row[:-1] for row in measured])
    Path("reviews.jsonl").write_text("".join(json.dumps({"text": t, "label": y}) + "\n" for t, y in source))
    Path("posts.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t, _ in target))
    parquet.write_table(pyarrow.table({"text": [text for text, _ in target]}), "posts.parquet")
    for number in range(60):
        pixels = np.zeros((8, 8, 3), np.uint8)
        pixels[:, slice(0, 4) if number % 2 else slice(4, 8)] = 100 + number
        for place in (Path("photographs") / ("left", "right")[number % 2], Path("sketches")):
            place.mkdir(parents=True, exist_ok=True)
            image.fromarray(pixels).save(place / f"{number}.png")
    words = [("the", "DT"), ("dog", "NN"), ("barks", "VBZ")]
    lines = [f"{k}\t{word}\t_\t_\t{tag}\t_\t_\t_\t_\t_" for k, (word, tag) in enumerate(words, 1)]
    Path("newswire.conllu").write_text(("\n".join(lines) + "\n\n") * 40)
    untagged = [re.sub(r"\t(DT|NN|VBZ)\t", "\t_\t", line) for line in lines]
    Path("untagged.conllu").write_text(("\n".join(untagged) + "\n\n") * 5)
    Path("abstracts.txt").write_text("The dog barks. The dog barks.\n" * 20)


def written(out: str) -> list[str]:
    """The labels in a file that a command wrote."""
    path = Path(out)
    if path.suffix == ".parquet":
        from pyarrow import parquet

        return parquet.read_table(path).column("label").to_pylist()
    if path.suffix == ".conllu":
        return re.findall(r"Label=(\w+)", path.read_text())
    if path.suffix == ".jsonl":
        return [json.loads(line)["label"] for line in path.read_text().splitlines()]
    return [row["label"] for row in csv.DictReader(io.StringIO(path.read_text()))]


@pytest.mark.slow
def test_every_command_on_own_files_runs(wb, own_files, monkeypatch):
    there = commands()
    assert len(there) > 15
    for command in there:
        typed, _, call = command.rpartition(" | ")
        monkeypatch.setattr(sys, "stdin", io.StringIO(shlex.split(typed)[1] + "\n" if typed else ""))
        arguments = shlex.split(call)[1:]
        if "reviews" in arguments:  # a part of a record's name: that of the page's first
            from workbench.running import records

            name = next(path.name for path in records.folders() if "reviews.csv" in path.name)
            arguments[arguments.index("reviews")] = name
        code, _, err = wb(*arguments)
        assert code == 0, f"{command}\n{err}"
        if "--out" in arguments:
            labels = written(arguments[arguments.index("--out") + 1])
            expected = 15 if "untagged.conllu" in arguments else 60
            assert len(labels) == expected and all(labels), command


def test_the_page_begins_with_own_files_and_csv_first():
    own = PAGE.read_text(encoding="utf-8").partition(END)[0]
    assert own.index("## Your own files") < own.index("### CSV") < own.index("### Pictures")
