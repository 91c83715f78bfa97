"""Domains are immutable, withhold labels, and pool over one list of classes."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from workbench.data.domains import Domain, Problem, align, pool
from workbench.data.inputs import concatenate
from workbench.errors import LabelsWithheld, UsageError


def domain(name: str, labels: list[int], classes: tuple[str, ...]) -> Domain:
    return Domain(name, "classification", np.arange(len(labels))[:, None], np.array(labels), classes)


def test_an_unlabelled_domain_says_why_it_has_no_labels():
    hidden = domain("medline", [0, 1], ("a", "b")).unlabelled()
    assert not hidden.has_labels
    assert hidden.classes == ()
    with pytest.raises(LabelsWithheld, match=r"withheld.*without target labels"):
        _ = hidden.labels


def test_a_domain_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        domain("a", [0], ("x",)).name = "b"  # type: ignore[misc]


def test_labels_must_fit_the_examples():
    with pytest.raises(ValueError, match="2 examples but 3 labels"):
        Domain("a", "classification", np.zeros((2, 1)), np.zeros(3, dtype=int), ("x",))


def test_a_problem_refuses_a_labelled_target():
    labelled = domain("a", [0], ("x",))
    with pytest.raises(ValueError, match="must be unlabelled"):
        Problem("classification", (labelled,), labelled)


def test_pooling_keeps_every_examples_class_name():
    first, second = domain("a", [0, 1], ("x", "y")), domain("b", [0, 1, 1], ("y", "z"))
    pooled = pool([first, second])
    assert pooled.name == "a+b"
    assert [pooled.classes[i] for i in pooled.labels] == ["x", "y", "y", "z", "z"]


def test_pooling_sequences_aligns_every_token():
    first = Domain("a", "tagging", [["of"]], [np.array([0])], ("IN",))
    second = Domain("b", "tagging", [["a", "cell"]], [np.array([0, 1])], ("DT", "NN"))
    pooled = pool([first, second])
    assert [[pooled.classes[i] for i in row] for row in pooled.labels] == [["IN"], ["DT", "NN"]]


def test_a_class_that_the_new_list_lacks_is_refused():
    with pytest.raises(UsageError, match="outside the given ones: y"):
        domain("a", [0, 1], ("x", "y")).relabelled(["x"])


@given(st.lists(st.integers(0, 2), min_size=1, max_size=20), st.permutations(["x", "y", "z"]))
def test_relabelling_never_changes_a_class_name(labels, order):
    before = domain("a", labels, ("x", "y", "z"))
    after = before.relabelled(order)
    assert [after.classes[i] for i in after.labels] == [before.classes[i] for i in before.labels]


def test_take_keeps_inputs_and_labels_together():
    taken = domain("a", [0, 1, 0], ("x", "y")).take([2, 1])
    assert taken.inputs.ravel().tolist() == [2, 1]
    assert taken.labels.tolist() == [0, 1]


def test_sparse_matrices_are_stacked_and_mixed_sequences_chained():
    stacked = concatenate([sparse.csr_matrix(np.eye(2)), sparse.csr_matrix(np.ones((1, 2)))])
    assert stacked.toarray().tolist() == [[1, 0], [0, 1], [1, 1]]
    assert concatenate([["a"], ["b", "c"]]) == ["a", "b", "c"]


def test_align_leaves_equal_class_lists_alone():
    first = domain("a", [0], ("x", "y"))
    assert align([first, domain("b", [1], ("x", "y"))])[0] is first
