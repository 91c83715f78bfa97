"""The search on real fits: what it begins, what it leaves out, and what it keeps."""

import re
from contextlib import contextmanager

import numpy as np
import pytest

from wb_diagnosis.automatic.budget import Budget
from wb_diagnosis.automatic.contenders import Judges, Prepared
from wb_diagnosis.automatic.guard import Guard
from wb_diagnosis.automatic.pace import Pace
from wb_diagnosis.automatic.portfolio import Entry, Plan
from wb_diagnosis.automatic.search import Search
from wb_diagnosis.automatic.situations import size_of
from wb_diagnosis.automatic.views import Views
from workbench.errors import WbError
from workbench.methods.variants import make
from workbench.progress import Progress
from workbench.running.opened import open_data
from workbench.running.specification import Specification

PLAIN = Entry(method="source-only", settings={"classifier": "logreg"}, seconds=0.01, examples=600)


def entry(method, seconds=0.01, usual=0.05, **settings):
    given = {"classifier": "logreg", **settings}
    return Entry(method=method, settings=given, seconds=seconds, examples=600, usual=usual)


def problem_of(host, kind="covariate", n=300):
    data = open_data(Specification("", (f"shift/{kind}-source?n={n}",), f"shift/{kind}-target?n={n}"), host)
    return data.problem()


def search(host, problem, entries, seconds=600.0, now=None, methods=(), progress=None, guard=None):
    judges = Judges(
        host.estimators.get("average-confidence").load()(),
        {"reverse-validation": host.selectors.get("reverse-validation").load()()},
        "classes",
    )
    budget = Budget(seconds, now) if now else Budget(seconds)
    pace = Pace(size_of(problem), judges.fits)
    views = Views(problem, "classes", host)
    searching = Search(views, judges, guard or Guard(), budget, pace, host, progress or Progress())
    return searching.run(Plan(situation="vectors", references=(PLAIN,), entries=tuple(entries)), methods)


def test_everything_that_fits_is_fitted_once_and_judged(host):
    found = search(host, problem_of(host), [entry("coral"), entry("sa"), PLAIN])
    assert [other.title for other in found.others] == ["coral (classifier=logreg)", "sa (classifier=logreg)"]
    assert found.reference.title == "source-only (classifier=logreg)" and found.reference.standing.difference is None
    for other in found.others:
        assert other.standing.difference is not None and "reverse-validation" in other.standing.scores
    assert set(found.contenders) == {found.reference.title, *(other.title for other in found.others)}


def test_nothing_is_begun_that_cannot_end_in_time(host):
    found = search(host, problem_of(host), [entry("coral", seconds=1000.0), entry("sa")], seconds=300)
    assert [other.title for other in found.others] == ["sa (classifier=logreg)"]
    (left,) = found.left_out
    assert left.title.startswith("coral") and re.fullmatch(r"needs .* min.*, .* left", left.why)


class Late(Progress):
    """A clock that stands still until the reference is fitted; then hardly any time is left."""

    time = 0.0

    @contextmanager
    def stage(self, name):
        yield
        self.time = 49.0


def test_a_budget_that_is_spent_keeps_the_reference(host):
    late = Late()
    found = search(host, problem_of(host), [entry("coral"), entry("sa")], 50, lambda: late.time, progress=late)
    assert found.others == [] and found.choice.chosen == found.reference.title
    assert all("needs" in left.why for left in found.left_out) and len(found.left_out) == 2


def test_a_budget_without_room_for_the_reference_is_one_line(host):
    with pytest.raises(WbError, match=r"0.1 s is not enough for the plain reference .*--budget"):
        search(host, problem_of(host, n=40_000), [entry("coral")], seconds=0.1)


def test_only_the_named_methods_are_tried(host):
    found = search(host, problem_of(host), [entry("coral"), entry("sa"), entry("tca")], methods=("tca",))
    assert [other.prepared.entry.method for other in found.others] == ["tca"] and not found.left_out


def test_a_method_that_fails_is_told_and_costs_nothing_else(host):
    bad = Entry(method="scl", settings={"classifier": "logreg"}, seconds=0.01, examples=600)
    found = search(host, problem_of(host), [bad, entry("coral"), entry("coral", nonsense=1)])
    assert [other.prepared.entry.method for other in found.others] == ["coral"]
    assert [left.why[:12] for left in found.left_out] == ["SCL needs fe", "method 'cora"]


def test_source_only_is_kept_where_adapting_hurts(host):
    """On this conditional shift CORAL is worse than source-only, as only the labels that the search never sees tell."""
    pair = Specification("", ("shift/conditional-source",), "shift/conditional-target")
    data = open_data(pair, host)
    found = search(host, data.problem(), [entry("coral", usual=0.0)])
    gold = data.gold()
    accuracy = {
        title: np.mean(np.array(contender.refitted().predict(gold.inputs).labels) == gold.labels)
        for title, contender in found.contenders.items()
    }
    (coral,) = found.others
    assert accuracy[coral.title] < accuracy[found.reference.title] - 0.01
    assert found.choice.chosen == found.reference.title


def test_what_the_user_stops_keeps_what_was_fitted(host):
    class Impatient(Progress):
        def stage(self, name):
            if name.startswith("fit tca"):
                raise KeyboardInterrupt
            return super().stage(name)

    found = search(host, problem_of(host), [entry("coral"), entry("tca"), entry("sa")], progress=Impatient())
    assert found.stopped and [other.prepared.entry.method for other in found.others] == ["coral"]
    assert [left.why for left in found.left_out] == ["stopped before it"] * 2
    assert found.choice.chosen in found.contenders


def test_the_held_out_fifth_is_in_no_fit_of_the_search(host):
    problem = problem_of(host)
    found = search(host, problem, [entry("coral")])
    for contender in found.contenders.values():
        candidate = contender.candidate
        seen = {row.tobytes() for row in candidate.problem.source.inputs}
        assert not seen & {row.tobytes() for row in candidate.held_out.inputs}
        assert len(candidate.held_out) + len(candidate.problem.source) == len(problem.source)


TEXTS = [f"{word} {other} thing" for word in ("good", "bad", "fine", "poor") for other in "abcdefgh"]


@pytest.mark.parametrize("method", ["source-only", "scl", "coral", "domain-classifier"])
def test_features_made_once_give_the_model_of_a_plain_fit(method, host):
    """Over shared TF-IDF features a method fits the model that it fits to the texts themselves."""
    from workbench.data.domains import Domain, Problem

    generator = np.random.default_rng(0)
    texts = list(generator.choice(TEXTS, 120))
    labels = np.array([text.startswith(("good", "fine")) for text in texts]).astype(int)
    target = Domain("t", "classification", [text + " new" for text in generator.choice(TEXTS, 80)])
    problem = Problem("classification", (Domain("s", "classification", texts, labels, ("no", "yes")),), target)
    registered = host.methods.get(method, "classification")
    made = make(registered, {"pivot_threshold": 1} if method == "scl" else {}, host)
    view = Views(problem, "classes", host).of(made)
    shared = view.complete(view.fit(made, view.whole))
    plain = made.fit(problem, Progress())
    new = [*target.inputs, "good unseen thing"]
    expected, predicted = plain.predict(new), shared.predict(new)
    np.testing.assert_allclose(predicted.probabilities, expected.probabilities, atol=1e-9)
    assert shared.resolved == plain.resolved


def test_views_share_features_between_methods(host):
    problem = problem_of(host)
    views = Views(problem, "classes", host)
    methods = [make(host.methods.get(name, "classification"), {}, host) for name in ("coral", "sa")]
    assert views.of(methods[0]) is views.of(methods[1])
    prepared = Prepared(PLAIN, host.methods.get("source-only", "classification"), methods[0], views.of(methods[0]))
    assert prepared.view.whole is problem
