"""Targets without labels, and with some: what every reader gives of them, and what a source without any is told."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from workbench import load
from workbench.data.corpus import LabelCount
from workbench.data.opening import open_corpus
from workbench.errors import DataError

HOST = load()
X = np.arange(12.0).reshape(3, 4)
TOKEN = "{}\t{}\t_\t_\t{}\t_\t_\t_\t_\t_\n"


def text(content):
    return lambda path: path.write_text(content)


def conllu(*sentences):
    """CoNLL-U of sentences of (word, tag)."""
    lines = ["".join(TOKEN.format(i, w, t) for i, (w, t) in enumerate(words, 1)) for words in sentences]
    return text("\n".join(lines))


def npz(**arrays):
    return lambda path: np.savez(path, **arrays)


def mat(**arrays):
    def write(path):
        from scipy.io import savemat

        savemat(path, arrays)

    return write


def idx(path):
    path.write_bytes(struct.pack(">BBBBIII", 0, 0, 8, 3, 3, 2, 2) + bytes(range(12)))


def parquet(path):
    pytest.importorskip("pyarrow")
    from pyarrow import parquet, table

    parquet.write_table(table({"a": [1.0, 2.0, 3.0], "b": [1.0, 0.0, 2.0], "label": ["x", None, "y"]}), path)


NAMED, BLANK = [("the", "DT"), ("cell", "NN")], [("the", "_"), ("cell", "_")]
FILES = {
    "csv without the column": ("t.csv", text("text\na b\nc d\ne f\n"), "classification", 0),
    "csv with an empty column": ("t.csv", text("text,label\na b,\nc d, \ne f,\n"), "classification", 0),
    "csv in part": ("t.csv", text("text,label\na b,\nc d,x\ne f,y\n"), "classification", 2),
    "tsv": ("t.tsv", text("text\tlabel\na b\tx\nc d\t\ne f\t\n"), "classification", 1),
    "jsonl": ("t.jsonl", text('{"text": "a"}\n{"text": "b", "label": null}\n{"text": "c"}\n'), "classification", 0),
    "jsonl in part": (
        "t.jsonl",
        text('{"text": "a"}\n{"text": "b", "label": 1}\n{"text": "c"}\n'),
        "classification",
        1,
    ),
    "one text a line": ("t.txt", text("a b\n\nc d\ne f\n"), "classification", 0),
    "numbers": ("t.csv", text("a,b,c\n1,2,3\n4,5,6\n7,8,9\n"), "classification", 0),
    "numbers in part": ("t.csv", text("a,b,label\n1,2,x\n4,5,\n7,8,y\n"), "classification", 2),
    "parquet in part": ("t.parquet", parquet, "classification", 2),
    "npz": ("t.npz", npz(x=X), "classification", 0),
    "npz in part": ("t.npz", npz(x=X, y=np.array([1.0, np.nan, 2.0])), "classification", 2),
    "mat": ("t.mat", mat(fts=X), "classification", 0),
    "svmlight": ("t.svmlight", text("1:0.5 3:1\n2:1 3:2\n1:1\n"), "classification", 0),
    "svmlight in part": ("t.svmlight", text("1:0.5 3:1\n-1 2:1 3:2\n+1 1:1\n"), "classification", 2),
    "idx": ("t.idx", idx, "classification", 0),
    "regression": ("t.csv", text("a,b\n1,2\n4,5\n7,8\n"), "regression", 0),
    "regression in part": ("t.csv", text("a,b,target\n1,2,3\n4,5,\n7,8,9\n"), "regression", 2),
    "regression arrays": ("t.npz", npz(x=X), "regression", 0),
    "rated texts": ("rated-texts:t.csv", text("text,label\na b,\nc d,3\ne f,4.5\n"), "regression", 2),
    "raw sentences": ("t.txt", text("The cell divides. It is small. So it is.\n"), "tagging", 0),
    "tokenised": ("tokenised-text:t.txt", text("a b\nc d\ne f\n"), "tagging", 0),
    "conllu": ("t.conllu", conllu(BLANK, BLANK, BLANK), "tagging", 0),
    "conllu in part": ("t.conllu", conllu(NAMED, BLANK, NAMED), "tagging", 2),
    "column": ("column:t.txt", text("the\ncell\n\nit\n\nis\n"), "tagging", 0),
    "column in part": ("column:t.txt", text("the DT\ncell NN\n\nit\n\nis\n"), "tagging", 1),
    "slash": ("slash-tagged:t.txt", text("the/DT cell/NN\nit is\nso be it\n"), "tagging", 1),
    "genia": (
        "t.xml",
        text("<A>" + "<sentence><tok>x</tok></sentence>" * 2 + "<sentence><tok cat='NN'>y</tok></sentence></A>"),
        "tagging",
        1,
    ),
}


def opened(case, folder):
    name, write, task, labelled = FILES[case]
    reader, colon, file = name.rpartition(":")
    write(folder / file)
    return open_corpus(f"{reader}{colon}{folder / file}", HOST, task), HOST.tasks.get(task).load()(), labelled


@pytest.mark.parametrize("case", FILES)
def test_the_labels_are_counted_and_those_that_are_there_stand_where_they_belong(case, tmp_path):
    corpus, task, labelled = opened(case, tmp_path)
    counted = corpus.label_count("test", task)
    assert (counted.labelled, counted.examples) == (labelled, 3)
    assert len(corpus.unlabelled("test")) == 3
    if labelled:
        domain, everything = corpus.labelled("train", task), corpus.unlabelled("test")
        rows = corpus.labelled_rows("train", task).rows
        assert len(domain) == labelled == len(domain.labels)
        assert str(domain.inputs) == str(everything.take(rows).inputs)
        assert any(f"examples without a label are left out: {3 - labelled}" in notice for notice in corpus.notices)
    else:
        with pytest.raises(DataError, match=r"has no labels; .") as caught:
            corpus.labelled("train", task)
        assert "\n" not in str(caught.value)


def test_a_table_without_the_column_says_which_there_are(tmp_path):
    (tmp_path / "t.csv").write_text("text,stars\na b,3\n")
    corpus = open_corpus(f"table:{tmp_path / 't.csv'}?label=verdict", HOST, "classification")
    with pytest.raises(DataError, match=r"no column 'verdict', there are: text, stars; choose with --label COLUMN"):
        corpus.labelled("train", HOST.tasks.get("classification").load()())


# Pictures and messages, whose folders are their classes


def pictures(folder, *places):
    from PIL import Image

    for place in places:
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (len(place) * 9 % 255, 0, 0)).save(folder / place)


def counted(folder, classes=()):
    corpus = open_corpus(str(folder), HOST, "classification")
    return corpus.label_count("test", HOST.tasks.get("classification").load()(), classes)


def test_a_flat_folder_of_pictures_is_no_class(tmp_path):
    pictures(tmp_path / "holiday", "1.png", "2.png")
    count = counted(tmp_path / "holiday")
    assert (count.labelled, count.examples) == (0, 2)
    assert "one folder for each class" in count.why_unlabelled
    pictures(tmp_path / "split", "train/cat/1.png", "train/dog/2.png", "test/3.png", "test/4.png")
    assert counted(tmp_path / "split").labelled == 0


def test_one_picture_is_of_no_class(tmp_path):
    pictures(tmp_path / "cat", "1.png")
    assert counted(tmp_path / "cat" / "1.png") == LabelCount(0, 1, counted(tmp_path / "cat").why_unlabelled)


def test_pictures_beside_folders_of_classes_are_unlabelled(tmp_path):
    pictures(tmp_path, "cat/1.png", "dog/2.png", "3.png")
    assert counted(tmp_path).labelled == 2


def test_folders_that_are_no_class_of_the_source_are_told_apart(tmp_path):
    pictures(tmp_path, "2024-01/1.png", "2024-02/2.png")
    assert counted(tmp_path, ("cat", "dog")).foreign
    assert not counted(tmp_path, ("2024-01", "dog")).foreign


def test_messages_without_folders(tmp_path):
    for name in ("1", "2"):
        (tmp_path / name).write_text("From: me\n\nSome words.\n")
    corpus = open_corpus(f"posts:{tmp_path}", HOST, "classification")
    assert corpus.label_count("test", HOST.tasks.get("classification").load()()).labelled == 0


def test_an_image_list_without_classes(tmp_path):
    pictures(tmp_path, "a b.png", "c.png")
    (tmp_path / "list.txt").write_text("a b.png\nc.png cat\n")
    corpus = open_corpus(str(tmp_path / "list.txt"), HOST, "classification")
    assert corpus.examples("test", True).labels == [None, "cat"]


def test_a_data_set_of_the_library_without_labels(tmp_path):
    datasets = pytest.importorskip("datasets")
    task = HOST.tasks.get("classification").load()()
    for name, columns in (
        ("none", {"text": ["a", "b"]}),
        ("withheld", {"text": ["a", "b"], "label": [None, None]}),
    ):
        datasets.Dataset.from_dict(columns).save_to_disk(str(tmp_path / name))
        corpus = open_corpus(f"hf:{tmp_path / name}", HOST, "classification")
        assert corpus.label_count("test", task).labelled == 0
    part = datasets.Dataset.from_dict(
        {"text": ["a", "b", "c"], "label": [0, -1, 1]},
        features=datasets.Features({"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["n", "y"])}),
    )
    part.save_to_disk(str(tmp_path / "part"))
    corpus = open_corpus(f"hf:{tmp_path / 'part'}", HOST, "classification")
    assert corpus.examples("test", True).labels == ["n", None, "y"]
