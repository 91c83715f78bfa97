"""The tasks: encoding, showing and parsing examples; and the simple tokeniser behind typed text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from wb_classification.task import ClassificationTask
from wb_text.tasks import TaggingTask
from wb_text.tokenise import sentences, tokenise
from workbench.data.domains import Predictions


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("She can't say it's done.", "She ca n't say it 's done ."),
        ('He said "no" (twice).', "He said `` no '' ( twice ) ."),
        ("IL-2-mediated growth, e.g. 3.5% (Fig. 2), rose.", "IL-2-mediated growth , e.g. 3.5 % ( Fig. 2 ) , rose ."),
        ("Dr. Ito left the U.S.", "Dr. Ito left the U.S. ."),
        ("It lacks vitamin A.", "It lacks vitamin A ."),
        ("p(53) and f(x)).", "p(53) and f(x) ) ."),
        ("wait...", "wait ..."),
        ("It 's `` done '' .", "It 's `` done '' ."),
    ],
)
def test_a_sentence_is_cut_as_in_the_penn_treebank(text, tokens):
    assert tokenise(text) == tokens.split()


@given(st.text("abAB.,;:!?()[]-%$' \n", max_size=40))
def test_no_character_is_lost_but_a_final_period_may_be_shared(text):
    assert "".join(tokenise(text)).rstrip(".") == "".join(text.split()).rstrip(".")


def test_abbreviations_and_initials_do_not_end_a_sentence():
    text = "J. Smith met Dr. Who (e.g. Tom). Then 3 left! It grew to 5.0. but\n\nA title\n\nEnd"
    assert sentences(text) == [
        "J. Smith met Dr. Who (e.g. Tom).",
        "Then 3 left!",
        "It grew to 5.0. but",
        "A title",
        "End",
    ]


def test_tagging_encodes_and_shows_every_token():
    task, names = TaggingTask(), [["DT", "NN"], ["VB"]]
    classes = task.class_names(names)
    ids = task.encode(names, classes)
    assert classes == ("DT", "NN", "VB")
    assert [row.tolist() for row in ids] == [[0, 1], [2]]
    inputs = task.parse("the cell. Go")
    assert inputs == [["the", "cell", "."], ["Go"]]
    shown = task.render([["the", "cell"], ["go"]], Predictions(ids, classes))
    assert shown == ["the/DT cell/NN", "go/VB"]
    assert list(task.rows([["the", "cell"]], ids[:1], classes)) == [{"input": ["the", "cell"], "label": ["DT", "NN"]}]


@pytest.mark.parametrize("task", [TaggingTask(), ClassificationTask()])
def test_nothing_typed_is_nothing_to_predict(task):
    assert task.parse(" \n\n") == []


def test_the_toy_target_has_unknown_words_and_every_tag():
    source, target = TaggingTask().example(3)
    again, _ = TaggingTask().example(3)
    assert source.inputs == again.inputs
    assert TaggingTask().counts(source) == {"sentences": 120, "tokens": sum(map(len, source.inputs))}
    known = {word for sentence in source.inputs for word in sentence}
    unknown = np.mean([word not in known for sentence in target.inputs for word in sentence])
    assert 0.2 < unknown < 0.9
    for domain in (source, target):
        assert set(np.concatenate(domain.labels).tolist()) == set(range(len(domain.classes)))


def test_classification_encodes_names_and_shows_texts():
    task = ClassificationTask()
    ids = task.encode(["no", "yes", "no"], task.class_names(["no", "yes", "no"]))
    assert ids.tolist() == [0, 1, 0]
    inputs = task.parse("good\n\nbad\n")
    assert task.render(inputs, Predictions(np.array([1, 0]), ("no", "yes"))) == ["yes\tgood", "no\tbad"]
    assert next(task.rows(inputs, np.array([1, 0]), ("no", "yes"))) == {"input": "good", "label": "yes"}


@pytest.mark.parametrize("matrix", [np.eye(2), sparse.csr_matrix(np.eye(2))])
def test_classification_shows_vectors_dense_and_sparse_alike(matrix):
    said = ClassificationTask().render(matrix, Predictions(np.array([0, 0]), ("a",)))
    assert said == ["a\t1 0", "a\t0 1"]


def test_the_classification_example_is_seeded_shifted_and_has_three_classes():
    source, target = ClassificationTask().example(0)
    assert np.array_equal(source.inputs, ClassificationTask().example(0)[0].inputs)
    assert set(source.labels.tolist()) == set(target.labels.tolist()) == {0, 1, 2}
    assert np.abs(source.inputs.mean(axis=0) - target.inputs.mean(axis=0)).max() > 0.2
