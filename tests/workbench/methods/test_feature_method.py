"""What every method on feature vectors decides for the user, and what it refuses in one line."""

import numpy as np
import pytest

from workbench.data.domains import Domain, Problem
from workbench.errors import UsageError, WbError
from workbench.methods.variants import make
from workbench.plugins.loading import load
from workbench.progress import Progress

HOST = load()
TEXTS = (["good fine film", "bad poor film", "good fine film", "bad poor film"] * 5, np.arange(20) % 2)


def method(name, **settings):
    return make(HOST.methods.get(name, "classification"), settings, HOST)


def problem(source, target, labels):
    return Problem(
        "classification",
        (Domain("here", "classification", source, labels, ("a", "b")),),
        Domain("there", "classification", target),
    )


def counts(seed=0):
    labels = np.arange(40) % 2
    return np.random.default_rng(seed).poisson(1 + 3 * np.eye(2, 4)[labels]).astype(float), labels


def texts():
    return problem(TEXTS[0], TEXTS[0], TEXTS[1])


def histograms():
    source, labels = counts()
    return problem(source, counts(1)[0], labels)


@pytest.mark.parametrize(
    ("name", "of", "classifier"),
    [
        ("tca", texts, "logreg"),
        ("tca", histograms, "1nn"),
        ("kmm", texts, "logreg"),
        ("kmm", histograms, "svm"),
        ("coral", histograms, "svm-cv"),
        ("source-only", histograms, "1nn"),
    ],
)
def test_the_classifier_follows_the_features_and_then_the_methods_protocol(name, of, classifier):
    chosen = method(name)
    model = chosen.fit(of(), Progress())
    expected = {"texts": ("tfidf", "none"), "histograms": ("raw", "frequencies")}[of.__name__]
    assert dict(model.resolved) == {"features": expected[0], "scaling": expected[1], "classifier": classifier}
    shared = chosen.baseline_settings(HOST.methods.get("source-only", "classification").load(), of())
    assert shared["classifier"] == classifier  # the same learner, whatever auto means for the baseline itself
    assert method(name, classifier="logreg-cv").fit(of(), Progress()).resolved["classifier"] == "logreg-cv"


def test_one_classifier_is_the_registered_default():
    assert [entry.name for entry in HOST.classifiers if entry.default] == ["logreg"]


@pytest.mark.parametrize("name", ["tca", "kmm", "source-only"])
@pytest.mark.parametrize("side", ["here", "there"])
def test_missing_values_name_the_domain_and_the_row(name, side):
    of = histograms()
    {"here": of.sources[0], "there": of.target}[side].inputs[7, 1] = np.nan
    with pytest.raises(WbError, match=f"'{side}' holds NaN in 1 example of 40, first in row 8"):
        method(name).fit(of, Progress())


def test_a_model_says_what_is_wrong_with_new_examples():
    of = histograms()
    model = method("tca").fit(of, Progress())
    with pytest.raises(UsageError, match="fitted to 4 features; these examples have 3"):
        model.predict(of.target.inputs[:, :3])
    new = of.target.inputs[:3].copy()
    new[1, 0] = np.inf
    with pytest.raises(WbError, match="the input holds inf in 1 example of 3, first in row 2"):
        model.predict(new)


@pytest.mark.parametrize(("side", "warned"), [(70, True), (64, True), (28, False)])
def test_large_pictures_as_raw_pixels_are_told(side, warned):
    generator = np.random.default_rng(0)
    pictures = list(generator.integers(0, 255, size=(12, side, side, 3)).astype(np.uint8))
    model = method("tca").fit(problem(pictures, pictures, np.arange(12) % 2), Progress())
    said = [line for line in model.warnings if "compared place by place" in line]
    assert bool(said) == warned
    assert not warned or (f"{side} × {side}" in said[0] and "--features cnn" in said[0])


def test_large_pictures_are_told_before_anything_is_adapted():
    """A folder of photographs comes at 64 × 64, and a method may take minutes on so many pixels."""
    heard = []

    class Heard(Progress):
        def update(self, fraction, message=""):
            heard.append(message)

        def notice(self, message):
            heard.append(message)

    pictures = list(np.random.default_rng(0).integers(0, 255, size=(12, 64, 64, 3)).astype(np.uint8))
    method("tca").fit(problem(pictures, pictures, np.arange(12) % 2), Heard())
    assert heard.index("adapting features") > next(n for n, line in enumerate(heard) if "--features cnn" in line)
