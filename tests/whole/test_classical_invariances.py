"""What must not change any method over feature vectors: the order of rows, how predictions are batched, no shift."""

import numpy as np
import pytest

from workbench.data.domains import Domain, Problem
from workbench.methods.feature_method import FeatureMethod
from workbench.methods.variants import make
from workbench.plugins.loading import load
from workbench.progress import Progress

HOST = load()
FAMILIES = ("instance", "feature/distribution", "feature/alignment", "feature/subspace", "baseline")
METHODS = sorted(
    entry.name
    for entry in HOST.methods.for_task("classification")
    if entry.family.startswith(FAMILIES)
    and entry.plugin in ("wb_instance", "wb_distribution", "wb_subspace", "wb_classification")
)

DRAWN = {
    "stl": "its random forest draws rows by their number",
    "domain-classifier": "its folds are drawn by row number",
    "kliep": "its kernel centres and folds are drawn by row number",
    "ulsif": "its kernel centres are drawn by row number",
    "rulsif": "its kernel centres and folds are drawn by row number",
    "label-shift": "its folds are drawn by row number",
    "kmm": "its width is the median over rows drawn by number",
    "meda": "the halves on which its balance is measured are drawn by row number",
    "coral": "the folds that choose its machine's cost follow the order of rows",
}
"""Methods in which the order of rows decides what is drawn; what they compute from it has tests of its own."""

SETTINGS = {
    "coral": {"classifier": "logreg"},
    "kmm": {"width": 2.0},
    "kliep": {"width": 2.0, "centres": 200},
    "ulsif": {"width": 2.0, "ridge": 0.1, "centres": 200},
    "rulsif": {"width": 2.0, "ridge": 0.1, "centres": 200},
    "gfk": {"dimensions": 2},
    "meda": {"dimensions": 2, "neighbours": 5, "mu": 0.5},
}
"""With these nothing is drawn but by stl and domain-classifier."""

NAMES = ("a", "b", "c")


def problem(shift=0.8, seed=0, order=None, columns=6):
    generator = np.random.default_rng(seed)
    labels, other = np.arange(60) % 3, np.arange(51) % 3
    source = generator.normal(size=(60, columns)) + 2.5 * np.eye(3, columns)[labels]
    target = generator.normal(size=(51, columns)) + 2.5 * np.eye(3, columns)[other] + shift
    rows, others = order or (np.arange(60), np.arange(51))
    return Problem(
        "classification",
        (Domain("s", "classification", source[rows], labels[rows], NAMES),),
        Domain("t", "classification", target[others]),
        shots=Domain("t", "classification", target[:9], other[:9], NAMES),
    )


def fitted(name, of, **settings):
    if name == "ot":
        pytest.importorskip("ot")
    method = make(HOST.methods.get(name, "classification"), {**SETTINGS.get(name, {}), **settings}, HOST)
    assert isinstance(method, FeatureMethod)
    if not method.needs_shots:
        of = Problem(of.task, of.sources, of.target)
    return method.fit(of, Progress())


def test_every_classical_method_is_here():
    assert {"tca", "stl", "jda", "bda", "tjm", "meda", "sa", "sda", "coral", "gfk", "ot"} <= set(METHODS)
    assert {"kmm", "kliep", "ulsif", "rulsif", "domain-classifier", "nearest-weights", "tradaboost"} <= set(METHODS)


@pytest.mark.parametrize("name", METHODS)
def test_rows_in_another_order_change_no_prediction(name):
    if name in DRAWN and name not in SETTINGS:
        pytest.skip(DRAWN[name])
    generator = np.random.default_rng(1)
    order = (generator.permutation(60), generator.permutation(51))
    plain, moved = problem(), problem(order=order)
    said = fitted(name, plain).predict(plain.target.inputs)
    again = fitted(name, moved).predict(moved.target.inputs)
    np.testing.assert_array_equal(said.labels[order[1]], again.labels)
    if said.probabilities is not None:
        np.testing.assert_allclose(said.probabilities[order[1]], again.probabilities, atol=1e-4)


@pytest.mark.parametrize("name", METHODS)
def test_the_target_moves_alike_in_and_out_of_the_sample(name):
    """Whole, in parts, and as new examples of the same values: the model keeps no row of the target apart."""
    of = problem()
    model = fitted(name, of)
    whole = model.features(of.target.inputs)
    parts = [model.features(of.target.inputs[rows].copy()) for rows in (slice(0, 1), slice(1, 20), slice(20, None))]
    np.testing.assert_allclose(np.vstack(parts), whole, atol=1e-9)
    labels = model.predict(of.target.inputs).labels
    np.testing.assert_array_equal([model.predict(row[None]).labels[0] for row in of.target.inputs], labels)


@pytest.mark.parametrize("name", METHODS)
def test_without_a_shift_nothing_is_lost(name):
    """The target is the source without its labels: each example is given its own class, or nearly so."""
    own = problem()
    same = Problem(own.task, own.sources, own.sources[0].unlabelled(), shots=own.sources[0].take(np.arange(9)))
    found = fitted(name, same, scaling="none").predict(same.target.inputs).labels
    plain = fitted("source-only", same, scaling="none", classifier="logreg").predict(same.target.inputs).labels
    truth = own.sources[0].labels
    assert np.mean(found == truth) >= np.mean(plain == truth) - (0.1 if name == "tradaboost" else 0.05)
