"""Which files of a folder are which split."""

import numpy as np
import pytest

from workbench import load
from workbench.data.opening import open_corpus
from workbench.data.splits import split_in
from workbench.errors import DataError

HOST = load()
TASK = HOST.tasks.get("classification").load()()


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("en-train", "train"),
        ("X_train2", "train"),
        ("train-00000-of-00001", "train"),
        ("TestData", "test"),
        ("mnist.validation", "dev"),
        ("trainset", "train"),
        ("latest", ""),
        ("contest_3", ""),
        ("trains", ""),
        ("devices", ""),
    ],
)
def test_a_split_is_a_word_of_its_own(name, split):
    assert split_in(name) == split


@pytest.fixture
def pictures(tmp_path):
    Image = pytest.importorskip("PIL.Image")

    def write(*names: str):
        for value, name in enumerate(names):
            path = tmp_path / "photos" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(np.full((4, 4, 3), value, np.uint8)).save(path)
        return open_corpus(str(tmp_path / "photos"), HOST, "classification")

    return write


def values(corpus, split):
    return corpus.unlabelled(split).inputs[:, 0, 0, 0].tolist()


def test_folders_of_splits_with_classes_below(pictures):
    corpus = pictures("train/cat/1.png", "train/dog/2.png", "test/cat/3.png", "test/dog/4.png", "val/dog/5.png")
    assert set(corpus.splits) == {"train", "test", "dev"}
    assert not corpus.one_pool
    assert values(corpus, "train") == [0, 1] and values(corpus, "test") == [2, 3] and values(corpus, "dev") == [4]
    assert corpus.labelled("test", TASK).classes == ("cat", "dog")


def test_a_class_may_be_called_as_a_split_and_a_picture_too(pictures):
    corpus = pictures("car/test.png", "car/contest_1.png", "train/1.png", "truck/train.png")
    assert corpus.one_pool
    assert corpus.labelled("train", TASK).classes == ("car", "train", "truck")
    assert len(corpus.labelled("test", TASK)) == 4


def test_pictures_of_no_split_are_told(pictures):
    corpus = pictures("train/cat/1.png", "test/cat/2.png", "old/cat/3.png", "4.png")
    assert values(corpus, "train") == [0] and values(corpus, "test") == [1]
    assert len(corpus.notices) == 1 and "files of no split are left out: 2, e.g." in corpus.notices[0]


def test_pictures_of_no_class_have_no_labels(pictures):
    corpus = pictures("train/cat/1.png", "test/2.png", "test/3.png")
    assert values(corpus, "test") == [1, 2]
    with pytest.raises(DataError, match="'photos' split 'test' has no labels"):
        corpus.labelled("test", TASK)


def test_folders_of_splits_with_other_files(tmp_path):
    for split in ("training_set", "test_set"):
        (tmp_path / split).mkdir()
        (tmp_path / split / "any.tagged").write_text(f"{split}/NN\n")
    corpus = open_corpus(str(tmp_path), HOST, "tagging")
    assert {split: corpus.unlabelled(split).inputs for split in corpus.splits} == {
        "train": [["training_set"]],
        "test": [["test_set"]],
    }
