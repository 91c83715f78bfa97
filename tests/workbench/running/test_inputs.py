"""Inputs that do not go with a task, with each other or with a model are one clear line, before anything is fitted."""

import types

import pytest

from workbench import load, run
from workbench.data.readers import Examples, Reader
from workbench.errors import UsageError
from workbench.plugins.hookspecs import hookimpl
from workbench.plugins.loading import discover

TEXTS = "text,label\n" + "".join(f"a {w} book,{w}\n" for w in ("good", "bad") * 4)


@pytest.fixture
def files(tmp_path):
    """A table of texts, one of numbers, a folder of pictures."""
    Image = pytest.importorskip("PIL.Image")
    (tmp_path / "texts.csv").write_text(TEXTS)
    (tmp_path / "numbers.csv").write_text("a,b,label\n1,2,x\n3,4,y\n")
    for name in ("cat", "dog"):
        (tmp_path / "photos" / name).mkdir(parents=True)
        Image.new("RGB", (8, 8)).save(tmp_path / "photos" / name / "1.png")
    return tmp_path


def said(result) -> str:
    code, _, err = result
    assert code in (1, 2)
    assert "unexpected" not in err and "fit" not in err
    return err.strip().splitlines()[-1]


@pytest.mark.parametrize("method", ["source-only", "self-training"])
@pytest.mark.parametrize("name", ["texts.csv", "photos"])
def test_a_target_of_another_task_than_the_source(wb, files, method, name):
    line = said(wb("run", method, "--src", "wsj", "--tgt", str(files / name)))
    assert "files are read for classification" in line and ", not for tagging" in line


def test_tagging_needs_sentences_whatever_a_reader_gives(files):
    class Lines(Reader):
        """A stranger's reader of the wrong kind of inputs."""

        def read(self, files, labelled=True):
            return Examples(["a text"], [["NN"]] if labelled else None)

    @hookimpl
    def wb_register_readers(register):
        register("lines", Lines, task="tagging")

    plugin = types.ModuleType("a_stranger")
    plugin.wb_register_readers = wb_register_readers
    host = load([*(found.module for found in discover()), plugin])
    with pytest.raises(UsageError) as caught:
        run("self-training", f"lines:{files / 'texts.csv'}", "medline", host=host)
    assert str(caught.value).startswith("'texts' holds texts, but tagging needs sentences of words")


def test_source_and_target_of_different_kinds(wb, files):
    line = said(wb("run", "source-only", "--src", str(files / "photos"), "--tgt", str(files / "texts.csv")))
    assert line == "wb: 'photos' holds images but 'texts' holds texts; give domains with the same inputs"


def test_a_model_is_given_what_it_learnt_from(wb, files):
    assert wb("run", "source-only", "--src", "shift/covariate-source", "--tgt", "shift/covariate-target")[0] == 0
    numbers, texts = str(files / "numbers.csv"), str(files / "texts.csv")
    takes = "but the model takes feature vectors with 8 features"
    assert said(wb("predict", "last", "--file", numbers)) == f"wb: {numbers}: feature vectors with 2 features, {takes}"
    assert said(wb("predict", "last", "--file", f"table:{texts}")) == f"wb: table:{texts}: texts, {takes}"
    assert said(wb("predict", "last", "--text", "hello")) == f"wb: the text: texts, {takes}"
    assert "is for tagging, but the model is for classification" in said(wb("predict", "last", "--file", "wsj"))
    assert len(wb("predict", "last", "--file", "shift/covariate-target?n=30")[1].splitlines()) == 31


def test_a_model_of_texts_takes_no_numbers(wb, files):
    texts = str(files / "texts.csv")
    assert wb("run", "source-only", "--src", texts, "--tgt", texts, "--target-labels", "none")[0] == 0
    line = said(wb("predict", "last", "--file", str(files / "numbers.csv")))
    assert line.endswith("feature vectors with 2 features, but the model takes texts")
    assert wb("predict", "last", "--text", "a good book")[1].startswith("good\t")
