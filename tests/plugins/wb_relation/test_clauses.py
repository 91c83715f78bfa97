"""Clauses against a naive evaluation by loops over constants."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wb_relation.clauses import Clause, Condition, Grounding, Step, Vocabulary
from wb_relation.facts import build, worlds_of

NAMES = ("a", "b", "c", "d")
pair = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES))
facts = st.fixed_dictionaries(
    {
        "likes": st.lists(pair, min_size=1, max_size=6),
        "knows": st.lists(pair, min_size=1, max_size=6),
        "old": st.lists(st.tuples(st.sampled_from(NAMES)), min_size=1, max_size=3),
        "helps": st.lists(pair, min_size=1, max_size=4),
    }
)


def holds(clause, rows, x, y):
    """Whether some choice of middle constants makes every atom a fact."""
    known = {name: set(map(tuple, found)) for name, found in rows.items()}
    for end, condition in ((x, clause.first), (y, clause.second)):
        if condition is not None and end not in {row[condition.slot] for row in known[condition.predicate]}:
            return False
    if not clause.path:
        return True
    for middle in itertools.product(NAMES, repeat=len(clause.path) - 1):
        chain = (x, *middle, y)
        if all(
            ((a, b) if step.start == 0 else (b, a)) in known[step.predicate]
            for step, a, b in zip(clause.path, chain, chain[1:], strict=False)
        ):
            return True
    return False


def with_all_names(rows):
    """Every name is known, and no relation is an identity: what the vocabulary leaves out is tested elsewhere."""
    return {**rows, "likes": [*rows["likes"], ("a", "b"), ("c", "d")], "knows": [*rows["knows"], ("b", "a")]}


@settings(max_examples=40, deadline=None)
@given(facts)
def test_truth_and_counts_agree_with_loops(rows):
    rows = with_all_names(rows)
    links, _, _ = build("toy", [rows], [{}], "helps")
    vocabulary = Vocabulary.of(links[0].world.schema, 2)
    grounding = Grounding(links)
    table = grounding.table(vocabulary)
    clauses = [
        vocabulary.clause(p, i, j)
        for p in range(len(vocabulary.paths))
        for i in range(1 + len(vocabulary.first))
        for j in range(1 + len(vocabulary.second))
    ]
    truth = grounding.clauses(clauses)
    for n, link in enumerate(links):
        expected = [holds(clause, rows, *link.names) for clause in clauses]
        assert truth[n].astype(bool).tolist() == expected
    np.testing.assert_array_equal(table.gram(table), truth @ truth.T)
    weights = np.linspace(-1, 1, len(links))
    np.testing.assert_allclose(table.totals(weights).ravel(), truth.T @ weights, atol=1e-12)


def test_a_vocabulary_is_type_consistent_and_complete():
    rows = {"teaches": [("t", "c")], "takes": [("s", "c")], "teacher": [("t",)], "helps": [("t", "s")]}
    links, _, _ = build("toy", [rows], [{}], "helps")
    vocabulary = Vocabulary.of(links[0].world.schema, 2)
    assert vocabulary.paths == ((), (Step("teaches", 0, 1), Step("takes", 1, 0)))
    assert vocabulary.first == (Condition("teacher", 0), Condition("teaches", 0))
    assert vocabulary.second == (Condition("takes", 0),)
    assert len(vocabulary) == 2 * 3 * 2


def test_a_clause_reads_as_a_rule_and_survives_json():
    rows = {"teaches": [("t", "c")], "takes": [("s", "c")], "teacher": [("t",)], "helps": [("t", "s")]}
    links, _, _ = build("toy", [rows], [{}], "helps")
    clause = Clause((Step("teaches", 0, 1), Step("takes", 1, 0)), Condition("teacher", 0))
    assert clause.show(worlds_of(links)[0].schema) == "teaches(X, A), takes(Y, A), teacher(X)"
    assert Clause.from_json(clause.as_json()) == clause
    assert clause.generalisations == (Clause(clause.path),)


def test_the_order_of_links_tells_no_label():
    rows = {"likes": [("b", "a"), ("a", "c"), ("c", "b")], "helps": [("c", "a")]}
    shifted = {**rows, "helps": [("a", "b")]}
    orders = [[link.names for link in build("toy", [r], [{}], "helps")[0]] for r in (rows, shifted)]
    assert orders[0] == orders[1]
