"""Transfer by analogy on worlds whose right analogy is known."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wb_relation import toy
from wb_relation.analogies import legal
from wb_relation.facts import build, schema_of
from wb_relation.methods import MappedRules, RandomAnalogy, RelationTransfer, TargetOnly, TargetRules
from wb_relation.task import CLASSES, RelationTask
from workbench.data.domains import Domain, Problem
from workbench.progress import Progress

TASK = RelationTask()


def folds(words, seed, worlds=3, **sizes):
    generator = np.random.default_rng(seed)
    return [toy.world(words, generator, **sizes) for _ in range(worlds)]


def domain(name, rows, query):
    links, labels, _ = build(name, rows, [{}] * len(rows), query)
    return Domain(name, "relations", links, np.array([CLASSES.index(y) for y in labels]), CLASSES)


def fit(method, source, target, shots=0, seed=0, **values):
    given = None
    if shots:
        chosen, _ = TASK.choose_shots(target, shots, seed)
        given = target.take(chosen)
    problem = Problem("relations", (source,), target.unlabelled(), shots=given, seed=seed)
    return method(method.Params(**values)).fit(problem, Progress())


def probabilities(model, target):
    return model.predict(target.inputs).probabilities[:, model.classes.index("true")]


def renamed(rows, names, flipped=()):
    return [
        {names[p]: [list(reversed(row)) if p in flipped else row for row in facts] for p, facts in world.items()}
        for world in rows
    ]


OTHER = {
    "teacher": "q1",
    "student": "a2",
    "teaches": "z3",
    "attends": "b4",
    "mark": "m5",
    "lives_in": "c6",
    "explains_to": "goal",
}


@pytest.mark.parametrize("flipped", [(), ("teaches",), ("teaches", "attends", "mark")])
def test_an_isomorphic_world_is_mapped_exactly(flipped):
    rows = folds(toy.LECTURE, 3, worlds=5, guides=5, learners=12)
    source, same = domain("lecture", rows, "explains_to"), domain("copy", rows, "explains_to")
    other = domain("other", renamed(rows, OTHER, flipped), "goal")
    plain, mapped = fit(RelationTransfer, source, same), fit(RelationTransfer, source, other)
    best = mapped.inside["analogies"][0]
    for mine, (theirs, *order) in best["parts"].items():
        assert theirs == OTHER[mine]
        assert order == ([1, 0] if mine in flipped else list(range(len(order))))
    assert best["similarity"] == pytest.approx(0, abs=1e-12)
    before, after = (
        dict(zip([(link.world.name.split(":")[1], *link.names) for link in t.inputs], probabilities(m, t), strict=True))
        for m, t in ((plain, same), (mapped, other))
    )
    assert before.keys() == after.keys()
    np.testing.assert_allclose([after[k] for k in before], list(before.values()), atol=1e-9)


def test_the_known_analogy_of_lectures_and_meetings_is_found():
    source, target = TASK.example(0)
    best = fit(RelationTransfer, source, target, shots=2).inside["analogies"][0]["parts"]
    right = {"teacher": "manager", "student": "staff", "teaches": "leads", "attends": "works_on"}
    found = {mine: part[0] for mine, part in best.items() if part is not None}
    assert {mine: found[mine] for mine in found if mine in right} == {m: right[m] for m in found if m in right}
    assert {"teaches", "attends"} <= found.keys()


@pytest.mark.parametrize("shots", [0, 1, 3])
def test_no_discount_left_is_the_target_only_baseline(shots):
    source, target = TASK.example(0)
    alone = fit(TargetOnly, source, target, shots)
    transferred = fit(RelationTransfer, source, target, shots, discount=0.0)
    if shots:
        np.testing.assert_array_equal(transferred.scores(target.inputs), alone.scores(target.inputs))
    assert transferred.weights == {}


def test_transfer_beats_its_baselines_with_one_true_link():
    source, target = TASK.example(0)

    def area(method, seed):
        from sklearn.metrics import average_precision_score

        model = fit(method, source, target, shots=1, seed=seed)
        rest = np.setdiff1d(np.arange(len(target)), TASK.choose_shots(target, 1, seed)[1])
        scored = target.take(rest)
        return average_precision_score(scored.labels, model.scores(scored.inputs))

    means = {m: np.mean([area(m, s) for s in range(6)]) for m in (RelationTransfer, TargetOnly, RandomAnalogy)}
    assert means[RelationTransfer] > means[TargetOnly] + 0.03
    assert means[RelationTransfer] > means[RandomAnalogy] + 0.03


def test_shuffled_facts_change_nothing():
    rows = folds(toy.MEETING, 5)
    generator = np.random.default_rng(1)
    mixed = [{p: [f[i] for i in generator.permutation(len(f))] for p, f in reversed(w.items())} for w in rows]
    source = TASK.example(0)[0]
    first, second = (domain("meeting", r, "briefs") for r in (rows, mixed))
    np.testing.assert_array_equal(
        probabilities(fit(RelationTransfer, source, first, 2), first),
        probabilities(fit(RelationTransfer, source, second, 2), second),
    )


names = st.sampled_from(["p", "q", "r", "s"])
slots = st.sampled_from(["x1", "x2", "y1", "y2", "z1"])
pairs = st.lists(st.tuples(slots, slots), min_size=1, max_size=4)
singles = st.lists(st.tuples(slots), min_size=1, max_size=3)
rows = st.dictionaries(names, pairs | singles, min_size=2, max_size=4)


@settings(max_examples=60, deadline=None)
@given(rows, rows)
def test_no_mapping_breaks_types_or_uses_a_predicate_twice(mine, theirs):
    query = [("x1", "y1"), ("x2", "y2"), ("x1", "y2")]
    source, target = (
        domain(n, [{**r, "goal": query, "known": [("x1",), ("x2",)]}], "goal") for n, r in (("s", mine), ("t", theirs))
    )
    before, after = schema_of(source.inputs), schema_of(target.inputs)
    from wb_relation.mapping import enumerate_analogies

    for analogy in enumerate_analogies(tuple(before.predicates), before, after):
        types = dict(zip(before.query_types, after.query_types, strict=True))
        used = [part.predicate for part in analogy.parts.values() if part is not None]
        assert len(used) == len(set(used))
        for predicate, part in analogy.parts.items():
            if part is not None:
                assert sorted(part.order) == list(range(len(before.predicates[predicate])))
                for slot, kind in enumerate(before.predicates[predicate]):
                    theirs_kind = after.predicates[part.predicate][part.order[slot]]
                    assert types.setdefault(kind, theirs_kind) == theirs_kind


def test_mapped_rules_look_at_no_target_label():
    source, target = TASK.example(0)
    np.testing.assert_array_equal(
        probabilities(fit(MappedRules, source, target, 3, seed=0), target),
        probabilities(fit(MappedRules, source, target, 3, seed=1), target),
    )


def test_a_source_without_counterpart_says_so():
    source = TASK.example(0)[0]
    rows = [{"near": [["u", "v", "w"], ["v", "u", "w"]], "goal": [["u", "v"]]}] * 2
    model = fit(RelationTransfer, source, domain("far", rows, "goal"), 1)
    assert "nothing is transferred" in model.warnings[0]


def test_rules_of_the_target_are_few_and_named():
    source, target = TASK.example(0)
    model = fit(TargetRules, source, target, shots=10, rules=2)
    assert 1 <= len(model.weights) <= 2
    assert len(legal.__doc__) > 0


@pytest.mark.slow
def test_cost_grows_in_proportion_with_the_target():
    source = TASK.example(0)[0]

    def seconds(worlds):
        target = domain("meeting", folds(toy.MEETING, 7, worlds, guides=5, learners=12), "briefs")
        start = time.perf_counter()
        fit(RelationTransfer, source, target, 1)
        return time.perf_counter() - start

    seconds(2)
    assert seconds(60) < 25 * max(seconds(6), 0.02)


def test_profiles_are_freed_with_their_fit():
    import gc
    import weakref

    from wb_relation.facts import worlds_of
    from wb_relation.similarity import Profiles

    profiles = Profiles(worlds_of(list(RelationTask().example(0)[0].inputs)))
    place = (next(iter(profiles.schema.predicates)), 0)
    assert profiles.own(place) == profiles.own(place)
    gone = weakref.ref(profiles)
    del profiles
    gc.collect()
    assert gone() is None
