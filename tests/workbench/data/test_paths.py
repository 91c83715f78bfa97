"""Domains by path, edition and generator; what cannot be read is one clear line."""

import os

import pytest

from workbench import load
from workbench.data.opening import open_corpus
from workbench.errors import WbError

HOST = load()
TASK = HOST.tasks.get("tagging").load()()


def test_a_file_serves_as_every_split(tmp_path):
    path = tmp_path / "a.tagged"
    path.write_text("the/DT cell/NN\n")
    corpus = open_corpus(str(path), HOST, "tagging")
    assert corpus.one_pool
    assert corpus.labelled("test", TASK).inputs == corpus.unlabelled("unlabelled").inputs == [["the", "cell"]]


def test_a_folder_with_splits_by_name(tmp_path):
    for split in ("train", "dev", "test"):
        (tmp_path / f"en-{split}.tagged").write_text(f"{split}/NN\n")
    corpus = open_corpus(str(tmp_path), HOST, "tagging")
    assert corpus.splits == ("dev", "test", "train")
    assert corpus.labelled("dev", TASK).inputs == [["dev"]]


def test_a_reader_with_settings(tmp_path):
    path = tmp_path / "odd.dat"
    path.write_text("DT;the\nNN;cell\n")
    corpus = open_corpus(f"column:{path}?word=1&tag=0&separator=;", HOST)
    assert corpus.labelled("train", TASK).inputs == [["the", "cell"]]


def test_text_files_are_told_apart_by_their_beginning(tmp_path):
    tagged, plain = tmp_path / "a.txt", tmp_path / "b.txt"
    tagged.write_text("the/DT cell/NN\nit/PRP\n")
    plain.write_text("The cell divides. It is small.\n")
    assert open_corpus(str(tagged), HOST, "tagging").examples("train", True).labels is not None
    assert open_corpus(str(plain), HOST, "tagging").unlabelled("train").inputs[1] == ["It", "is", "small", "."]


def test_generated_domains_take_settings():
    corpus = open_corpus("shift/subspace-target?n=40&dimensions=5", HOST)
    assert corpus.unlabelled("test").inputs.shape == (40, 5)


BAD = {
    "nowhere/to/be.found": "no such file or folder",
    "wjs": "no data set or file 'wjs'; did you mean wsj?",
    "wsj@gold": "'wsj' has no edition 'gold'",
    "column:{folder}/a.tagged?wrod=1": "no setting 'wrod'; did you mean 'word'?",
    "{folder}/empty": "an empty folder",
    "{folder}/a.xyz": "no reader for '.xyz'",
    "shift/covariate-source?n=2": "setting 'n'",
    "{folder}/locked.tagged": "cannot be read",
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_opened_is_one_clear_line(name, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.tagged").write_text("a/B\n")
    (tmp_path / "a.xyz").write_text("a\n")
    (tmp_path / "locked.tagged").write_text("a/B\n")
    (tmp_path / "locked.tagged").chmod(0)
    if "locked" in name and os.access(tmp_path / "locked.tagged", os.R_OK):
        (tmp_path / "locked.tagged").unlink()
        (tmp_path / "locked.tagged").symlink_to("/proc/self/mem")
    with pytest.raises(WbError) as caught:
        open_corpus(name.format(folder=tmp_path), HOST, "tagging").labelled("train", TASK)
    assert BAD[name] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_tags_that_the_card_does_not_declare_are_told():
    corpus = open_corpus("medline@embedded", HOST)
    corpus.classes = ("NN",)
    corpus.labelled("test", TASK)
    assert any("outside the declared set" in notice for notice in corpus.notices)
