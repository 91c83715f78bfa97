"""The classical estimators as scikit-learn's users meet them: its checks, pipelines, data frames, clear refusals."""

import subprocess
import sys
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn import config_context
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import workbench.estimators as estimators
from workbench.data.domains import Domain, Problem
from workbench.errors import WbError
from workbench.methods.variants import make
from workbench.plugins.loading import load
from workbench.progress import Progress

NAMES = dir(estimators)
WEIGHTS = ("DomainClassifier", "KLIEP", "KMM", "NearestWeights", "RULSIF", "ULSIF")
CLASSIFIERS = ("LabelShift", "MEDA", "TrAdaBoost")
MAPS = tuple(name for name in NAMES if name not in (*WEIGHTS, *CLASSIFIERS))
SPARSE = ("BDA", "JDA", "LabelShift", "STL", "TCA", "TJM", "TrAdaBoost", *WEIGHTS)
"""Those that take sparse matrices."""

SETTINGS = {"STL": {"trees": 5}, "GFK": {"dimensions": 2}, "MEDA": {"dimensions": 2, "neighbours": 5}}
"""Of the trials here: a small forest, and few directions for few features."""

SHORT = {
    "BDA": {"iterations": 2},
    "DomainClassifier": {"folds": 2},
    "JDA": {"iterations": 2},
    "KLIEP": {"width": 1.0, "centres": 20},
    "LabelShift": {"folds": 2},
    "MEDA": {"iterations": 2},
    "RULSIF": {"width": 1.0, "centres": 20},
    "TJM": {"iterations": 2},
    "TrAdaBoost": {"rounds": 2},
    "ULSIF": {"width": 1.0, "centres": 20},
}
"""Further ones for scikit-learn's checks, of which there are some fifty for each estimator."""

MOVED = "fit_transform gives the source as it is moved, transform the target, which stays where it is"
EXCEPTIONS = {
    "OptimalTransport": {"check_transformer_general": MOVED, "check_transformer_data_not_an_array": MOVED},
}


@cache
def on_itself(name):
    """The estimator with the source as its target: scikit-learn's checks know one domain alone."""
    kind = getattr(estimators, name)

    class OnItself(kind):
        def fit(self, X, y=None, target=None):
            return super().fit(X, y, X, **({"target_labels": y} if name == "TrAdaBoost" else {}))

    if name in MAPS:

        def fit_transform(self, X, y=None, target=None):
            return kind.fit_transform(self, X, y, X)

        OnItself.fit_transform = fit_transform
    OnItself.__name__ = OnItself.__qualname__ = kind.__name__
    OnItself.__module__ = __name__
    globals()[kind.__name__] = OnItself  # where pickle looks for it
    return OnItself


INSTANCES = [on_itself(name)(**SETTINGS.get(name, {}), **SHORT.get(name, {})) for name in NAMES]
INSTANCES.append(on_itself("KMM")(classifier=LogisticRegression()))


@parametrize_with_checks(INSTANCES, expected_failed_checks=lambda one: EXCEPTIONS.get(type(one).__name__, {}))
def test_scikit_learns_checks(estimator, check):
    check(estimator)


def domains(seed=0, n=60, m=51):
    """A source with classes of names, and a target that is moved."""
    generator = np.random.default_rng(seed)
    labels, other = np.arange(n) % 3, np.arange(m) % 3
    source = np.abs(generator.normal(size=(n, 6)) + 2.5 * np.eye(3, 6)[labels])
    target = np.abs(generator.normal(size=(m, 6)) + 2.5 * np.eye(3, 6)[other] + 0.8)
    return source, np.array(["one", "three", "two"])[labels], target, np.array(["one", "three", "two"])[other]


def new(name, **settings):
    if name == "OT":
        pytest.importorskip("ot")
    return getattr(estimators, name)(**{**SETTINGS.get(name, {}), **settings})


def fitted(name, source, labels, target, few, **settings):
    more = {"target_labels": few} if name == "TrAdaBoost" else {}
    return new(name, **settings).fit(source, labels, target=target, **more)


def found_by(name, model, target):
    """What a fitted estimator says: weights, predictions or the moved target."""
    if name in WEIGHTS:
        return model.weights_
    return model.predict_proba(target) if name in CLASSIFIERS else model.transform(target)


def test_every_method_on_features_has_its_estimator_here():
    feature_methods = {"BDA", "JDA", "MEDA", "STL", "TCA", "TJM", "CORAL", "GFK", "OT", "SA", "SDA"}
    assert feature_methods | {"TrAdaBoost", *WEIGHTS} <= set(NAMES)
    with pytest.raises(AttributeError, match=r"no estimator 'PCA'; workbench\.estimators has BDA"):
        estimators.PCA  # noqa: B018


def test_importing_the_module_imports_nothing_heavy():
    script = "import sys, workbench.estimators; print([m for m in ('sklearn', 'scipy', 'torch') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout.strip() == "[]"


@pytest.mark.parametrize("name", NAMES)
def test_lists_and_data_frames_are_taken(name):
    source, labels, target, few = domains()
    plain = found_by(name, fitted(name, source, labels, target, few), target)
    frames = [pd.DataFrame(x, columns=list("abcdef")) for x in (source, target)]
    framed = fitted(name, frames[0], pd.Series(labels), frames[1], few)
    np.testing.assert_allclose(found_by(name, framed, frames[1]), plain)
    assert framed.feature_names_in_.tolist() == list("abcdef")
    listed = fitted(name, source.tolist(), labels.tolist(), target.tolist(), few.tolist())
    np.testing.assert_allclose(found_by(name, listed, target.tolist()), plain)


@pytest.mark.parametrize("name", NAMES)
def test_sparse_features_are_taken_or_refused_in_one_line(name):
    source, labels, target, few = domains()
    source, target = source.astype(np.float64), target.astype(np.float64)
    thin = sparse.csr_matrix(source), sparse.csr_matrix(target)
    if name in SPARSE:
        # Solvers for sparse features stop at a tolerance of their own.
        atol = 1e-2 if name in ("DomainClassifier", "TrAdaBoost") else 1e-5
        plain = np.abs(found_by(name, fitted(name, source, labels, target, few), target))
        same = np.abs(found_by(name, fitted(name, thin[0], labels, thin[1], few), thin[1]))
        np.testing.assert_allclose(same, plain, atol=atol)
        return
    with pytest.raises(TypeError, match="Sparse data was passed") as caught:
        fitted(name, thin[0], labels, thin[1], few)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", SPARSE)
def test_a_target_of_another_form_than_the_source_is_taken(name):
    source, labels, target, few = domains()
    thin = sparse.csr_matrix(source), sparse.csr_matrix(target)
    for given, alike, other in ((source, target, thin[1]), (thin[0], thin[1], target)):
        plain = found_by(name, fitted(name, given, labels, alike, few), alike)
        np.testing.assert_array_equal(found_by(name, fitted(name, given, labels, other, few), alike), plain)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("side", "value", "said"), [(0, np.nan, "source holds NaN"), (2, np.inf, "target holds inf")])
def test_missing_and_infinite_values_are_refused_in_one_line(name, side, value, said):
    given = list(domains())
    given[side][4, 2] = value
    with pytest.raises(ValueError, match=f"the {said} in 1 example of .*, first in row 5") as caught:
        fitted(name, *given)
    assert isinstance(caught.value, WbError)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", NAMES)
def test_without_a_target_or_with_another_width_one_line_says_so(name):
    source, labels, target, few = domains()
    with pytest.raises(WbError, match=r"needs the target's examples too: .*\(target=Xt\)"):
        new(name).fit(source, labels)
    with pytest.raises(ValueError, match="the target has 5 features, the source 6"):
        fitted(name, source, labels, target[:, :5], few)


@pytest.mark.parametrize("name", [*MAPS, *CLASSIFIERS])
def test_before_a_fit_there_is_nothing_to_ask(name):
    model = new(name)
    with pytest.raises(NotFittedError):
        found_by(name, model, np.ones((3, 6)))


@pytest.mark.parametrize("name", MAPS)
def test_a_pipeline_trains_on_the_adapted_source_and_predicts_the_target(name):
    """With the target by constructor, and the same model by hand."""
    source, labels, target, truth = domains()
    model = new(name, target=target)
    pipeline = make_pipeline(model, KNeighborsClassifier(1)).fit(source, labels)
    adapted = clone(model).fit_transform(source, labels)
    by_hand = KNeighborsClassifier(1).fit(adapted, labels).predict(pipeline[0].transform(target))
    np.testing.assert_array_equal(pipeline.predict(target), by_hand)
    assert adapted.shape == (60, pipeline[0].transform(target).shape[1])
    assert len(pipeline[0].get_feature_names_out()) == adapted.shape[1]
    assert np.mean(by_hand == truth) > 0.6


@pytest.mark.parametrize("name", MAPS)
def test_routed_metadata_passes_the_steps_before(name):
    """The target goes through the pipeline's earlier steps too, as the source does."""
    source, labels, target, _ = domains()
    with config_context(enable_metadata_routing=True):
        model = new(name).set_fit_request(target=True)
        steps = (StandardScaler(), model, KNeighborsClassifier(1))
        routed = make_pipeline(*steps, transform_input=["target"]).fit(source, labels, target=target)
        found = routed.predict(target)
    scaler = StandardScaler().fit(source)
    alone = make_pipeline(new(name, target=scaler.transform(target)), KNeighborsClassifier(1))
    np.testing.assert_array_equal(found, alone.fit(scaler.transform(source), labels).predict(scaler.transform(target)))


@pytest.mark.parametrize("name", WEIGHTS)
def test_weights_train_the_classifier_that_is_given(name):
    source, labels, target, _ = domains()
    weighted = new(name, classifier=LogisticRegression(), target=target)
    found = make_pipeline(StandardScaler(with_std=False), weighted)  # the last step may be the classifier itself
    found.fit(source - source.mean(axis=0), labels)
    weights = weighted.weights_ / weighted.weights_.mean()
    alone = LogisticRegression().fit(source - source.mean(axis=0), labels, sample_weight=np.maximum(weights, 1e-6))
    np.testing.assert_array_equal(found.predict(target), alone.predict(target))
    assert not hasattr(new(name), "predict")


@pytest.mark.parametrize("name", ["SA", "SDA"])
def test_the_aligned_source_is_what_a_fit_and_transform_gives(name):
    """S Sᵀ T, beside the target's T; that T alone projects is what an unaligned source would be."""
    source, _, target, _ = domains()
    model = new(name, dimensions=2, unit_rows=False)
    aligned = model.fit_transform(source, target=target)
    np.testing.assert_allclose(aligned, model.transform_source(source))
    basis = model.target_map_.weights
    own = np.linalg.svd(source - source.mean(axis=0))[2][:2].T
    both = own @ own.T @ basis
    np.testing.assert_allclose(
        aligned / np.linalg.norm(aligned, axis=0), source @ both / np.linalg.norm(source @ both, axis=0)
    )
    assert np.abs(aligned - model.transform(source)).max() > 0.1
    np.testing.assert_allclose(model.transform(target), target @ basis)


@pytest.mark.parametrize("name", ["TCA", "JDA", "BDA", "TJM", "SA", "SDA", "GFK", "OT", "KMM", "KLIEP", "MEDA"])
def test_an_estimator_is_its_method(name):
    """The same predictions as the method of a run, on features as they are."""
    source, labels, target, _ = domains()
    classes, ids = np.unique(labels, return_inverse=True)
    host = load()
    entry = next(entry for entry in host.methods if entry.estimator and entry.load().__name__ == name)
    given = {"scaling": "none", **{k: v for k, v in SETTINGS.get(name, {}).items() if k != "trees"}}
    problem = Problem(
        "classification",
        (Domain("s", "classification", source, ids, tuple(classes)),),
        Domain("t", "classification", target),
    )
    of_run = make(entry, given, host).fit(problem, Progress()).predict(target)
    model = new(name, target=target)
    if name in WEIGHTS:
        from sklearn.svm import SVC

        model = new(name, target=target, classifier=SVC(kernel="linear"))
    elif name != "MEDA":
        model = make_pipeline(model, KNeighborsClassifier(1))
    np.testing.assert_array_equal(model.fit(source, labels).predict(target), classes[of_run.labels])
