"""Situations of pairs by their inputs and labels."""

import numpy as np
import pytest
from scipy import sparse

from wb_diagnosis.automatic.situations import situation_of, size_of
from workbench.data.domains import Domain, Problem
from workbench.errors import UsageError

COUNTS = np.arange(12.0).reshape(4, 3)


def problem(source, target, task="classification"):
    labels = [np.zeros(len(row), int) for row in source] if task == "tagging" else np.zeros(4, int)
    return Problem(task, (Domain("s", task, source, labels, ("a",)),), Domain("t", task, target))


@pytest.mark.parametrize(
    ("source", "target", "situation"),
    [
        (["a"] * 4, ["b"], "texts"),
        (COUNTS, COUNTS, "shares"),
        (COUNTS, COUNTS - 1, "vectors"),
        (COUNTS - 1, COUNTS, "vectors"),
        (sparse.csr_matrix(COUNTS), sparse.csr_matrix(COUNTS), "sparse"),
        (np.zeros((4, 8, 8, 3)), np.zeros((1, 8, 8, 3)), "images"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_classes(source, target, situation):
    assert situation_of(problem(source, target), "classes") == situation


def test_sentences_are_counted_in_words():
    pair = problem([["a", "b"], ["c"]], [["d", "e", "f"]], "tagging")
    assert situation_of(pair, "sequence") == "sentences" and size_of(pair) == 6


def test_size_counts_both_domains():
    assert size_of(problem(COUNTS, COUNTS[:2])) == 6


def test_what_there_is_no_plan_for_is_one_line():
    with pytest.raises(UsageError, match="nothing to try by itself for classification on matrix"):
        situation_of(problem(COUNTS, COUNTS), "real")
