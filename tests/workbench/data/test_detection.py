"""Which reader reads a path: by task and content, whatever else is installed and lies beside the data."""

import types

import numpy as np
import pytest

from workbench import load
from workbench.data.opening import open_corpus
from workbench.data.readers import Examples, Reader
from workbench.errors import UsageError
from workbench.plugins.hookspecs import hookimpl
from workbench.plugins.loading import discover

HOST = load()
NUMBERS = "a,b,c,label\n" + "".join(f"{i},{i / 2},{-i},{i % 2}\n" for i in range(8))
TEXTS = "text,label\n" + "".join(f"a {w} book,{w}\n" for w in ("good", "bad") * 4)
WORDS = "the\tDT\ncell\tNN\n\nit\tPRP\n"


class Prices(Reader):
    """A stranger's reader that takes any file."""

    def read(self, files, labelled=True):
        return Examples(np.ones((2, 1)), [0.5, 1.5] if labelled else None)


def host_with(name: str, task: str, reader: type[Reader] = Prices):
    """All that is installed, and a reader of .csv and .tsv files that a stranger wrote for ``task``."""

    @hookimpl
    def wb_register_readers(register):
        register(name, reader, task=task, suffixes=(".csv", ".tsv"))

    plugin = types.ModuleType("a_stranger")
    plugin.wb_register_readers = wb_register_readers
    return load([*(found.module for found in discover()), plugin])


def read_as(path, tasks, host=HOST) -> str:
    corpus = open_corpus(str(path), host, tasks)
    return f"{corpus.title.split()[1]} ({corpus.task})"


@pytest.fixture
def write(tmp_path):
    def write(name: str, text: str):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write


BOTH = ("classification", "tagging")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("t.csv", TEXTS, "table (classification)"),
        ("t.csv", NUMBERS, "numbers (classification)"),
        ("t.tsv", TEXTS.replace(",", "\t"), "table (classification)"),
        ("t.tsv", NUMBERS.replace(",", "\t"), "numbers (classification)"),
        ("t.tsv", WORDS, "column (tagging)"),
        ("t.jsonl", '{"text": "a b", "label": "x"}\n', "table (classification)"),
        ("t.txt", "The cell divides. It is small.\n", "plain-text (tagging)"),
        ("t.txt", "a/1.png 0\nb/2.png 1\n", "image-list (classification)"),
    ],
)
def test_of_several_tasks_the_content_decides(write, name, text, expected):
    assert read_as(write(name, text), BOTH) == expected


def test_a_reader_of_a_task_that_was_not_asked_for_never_wins(write):
    host = host_with("a-prices", "regression")
    assert read_as(write("t.csv", TEXTS), BOTH, host) == "table (classification)"
    assert read_as(write("u.csv", NUMBERS), BOTH, host) == "numbers (classification)"
    assert read_as(write("u.csv", NUMBERS), "regression", host) == "a-prices (regression)"


def test_a_reader_that_looks_at_the_content_comes_before_one_that_does_not(write):
    assert read_as(write("t.csv", NUMBERS), BOTH, host_with("a-prices", "classification")) == "numbers (classification)"


def test_where_two_tasks_are_open_both_readers_are_named(write):
    class Looking(Prices):
        @classmethod
        def recognises(cls, head):
            return True

    path = write("t.csv", NUMBERS)
    host = host_with("prices", "regression", Looking)
    with pytest.raises(UsageError) as caught:
        open_corpus(str(path), host, ("classification", "regression"))
    assert "could be read for classification and regression" in str(caught.value)
    for reader in ("numbers", "prices"):
        assert open_corpus(f"{reader}:{path}", host).title == f"your {reader} file"


def test_a_file_for_another_task_is_told_before_it_is_read(write):
    path = write("t.csv", TEXTS)
    with pytest.raises(UsageError, match=r"'\.csv' files are read for classification or regression, not for tagging"):
        open_corpus(str(path), HOST, "tagging")


@pytest.mark.parametrize("litter", ["Thumbs.db", ".DS_Store", "desktop.ini", "__MACOSX/._a.tagged", ".git/x.tagged"])
def test_what_systems_leave_in_folders_is_no_data(write, tmp_path, litter):
    write("a.tagged", "a/B\n")
    write(litter, "\0")
    corpus = open_corpus(str(tmp_path), HOST)
    assert (corpus.task, corpus.unlabelled("train").inputs) == ("tagging", [["a"]])
    assert list(corpus.digests) == [str(tmp_path / "a.tagged")]


def test_a_stray_file_does_not_decide_what_a_folder_is(write, tmp_path):
    write("A-notes.txt", "Nothing of note.\n")
    for name in ("negative", "positive"):
        write(f"{name}.review", f"<review><title>{name}</title><review_text>so {name}</review_text></review>")
    assert read_as(tmp_path, BOTH) == "blitzer-reviews (classification)"
