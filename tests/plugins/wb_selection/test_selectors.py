"""Selectors against plain loops, and what each must prefer."""

from dataclasses import replace

import numpy as np
import pytest

from wb_selection.outputs import BatchNuclearNorm, Entropy, InfoMax, MaNo, SoftNeighbourhoodDensity
from wb_selection.structure import ClassAMI, MixVal
from wb_selection.validation import (
    DeepEmbeddedValidation,
    ImportanceWeightedValidation,
    ReverseValidation,
    weighted_losses,
)
from workbench.choosing.candidates import Candidate
from workbench.choosing.grid import hold_out
from workbench.choosing.selectors import check_candidate
from workbench.data.domains import Domain, Predictions, Problem
from workbench.data.opening import open_corpus
from workbench.errors import UsageError
from workbench.methods.variants import make
from workbench.plugins.loading import load
from workbench.progress import Progress

generator = np.random.default_rng(0)
P = generator.dirichlet(np.ones(3), size=12)
SHARP = np.eye(3)[np.arange(12) % 3] * 0.9 + 0.1 / 3
COLLAPSED = np.tile([0.9, 0.05, 0.05], (12, 1))


def of(probabilities):
    classes = tuple("abc")
    predictions = Predictions(probabilities.argmax(axis=1), classes, probabilities)
    source = Domain("s", "classification", np.zeros((2, 1)), np.array([0, 1]), classes)
    problem = Problem("classification", (source,), Domain("t", "classification", np.zeros((12, 1))))
    return Candidate(None, problem, None, predictions, lambda p: None)


def test_formulas_are_those_of_plain_loops():
    entropy = [-sum(p * np.log(p) for p in row) for row in P]
    mean = [sum(row[c] for row in P) / 12 for c in range(3)]
    assert Entropy().score(of(P)) == pytest.approx(-np.mean(entropy))
    assert InfoMax().score(of(P)) == pytest.approx(-sum(m * np.log(m) for m in mean) - np.mean(entropy))
    assert BatchNuclearNorm().score(of(P)) == pytest.approx(np.trace(_root(P.T @ P)) / 6)
    assert MaNo().score(of(P)) == pytest.approx(np.mean([p**4 for row in P for p in row]) ** 0.25)
    densities = []
    unit = [row / np.sqrt(sum(row**2)) for row in P]
    for i in range(12):
        others = np.array([np.exp(unit[i] @ unit[j] / 0.05) for j in range(12) if j != i])
        others /= others.sum()
        densities.append(-sum(others * np.log(others)))
    assert SoftNeighbourhoodDensity().score(of(P)) == pytest.approx(np.mean(densities))


def _root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.sqrt(np.maximum(values, 0))) @ vectors.T


@pytest.mark.parametrize("selector", [InfoMax(), BatchNuclearNorm()])
def test_sure_and_diverse_beats_sure_and_collapsed(selector):
    assert selector.score(of(SHARP)) > selector.score(of(COLLAPSED))


@pytest.mark.parametrize("selector", [Entropy(), InfoMax(), MaNo(), SoftNeighbourhoodDensity()])
def test_a_classifier_without_probabilities_is_refused_in_one_line(selector):
    sure = of(np.eye(3)[np.arange(12) % 3])
    with pytest.raises(UsageError, match=r"'x' needs probabilities.*fit: bnm, class-ami, dev, iwv, mixval, rev"):
        check_candidate("x", selector, sure, load())


def test_tokens_of_sequences_count_one_by_one():
    flat = of(P)
    rows = Predictions([flat.predictions.labels[:5], flat.predictions.labels[5:]], tuple("abc"), [P[:5], P[5:]])
    for selector in (Entropy(), BatchNuclearNorm(), SoftNeighbourhoodDensity()):
        of_sequences = selector.score(replace(flat, predictions=rows, label_kind="sequence"))
        assert of_sequences == pytest.approx(selector.score(flat))


def candidate(
    method="source-only", source="shift/covariate-source", target="shift/covariate-target", shuffled=False, **settings
):
    host = load()
    task = host.tasks.get("classification").load()()
    whole = open_corpus(source, host).labelled("train", task)
    other = open_corpus(target, host).unlabelled("unlabelled")
    problem, held_out = hold_out(Problem("classification", (whole,), other, seed=1))
    chosen = make(host.methods.get(method, "classification"), settings, host)
    if shuffled:
        own = problem.source
        labels = np.random.default_rng(0).permutation(own.labels)
        problem = replace(problem, sources=(replace(own, gold=labels),))
    model = chosen.fit(problem, Progress())
    return Candidate(model, problem, held_out, model.predict(other.inputs), lambda p: chosen.fit(p, Progress()))


def test_a_fifth_is_held_out_class_by_class():
    found = candidate()
    assert len(found.held_out) + len(found.problem.source) == 300
    assert 55 <= len(found.held_out) <= 60


def test_validation_weighs_losses_and_the_control_variate_is_the_papers():
    found = candidate()
    weights, losses = weighted_losses(found)
    assert weights[losses == 0].size and weights.mean() == pytest.approx(1, abs=0.8)
    assert ImportanceWeightedValidation().score(found) == pytest.approx(-np.mean(weights * losses))
    eta = -np.cov(weights * losses, weights)[0, 1] / np.var(weights, ddof=1)
    expected = np.mean(weights * losses) + eta * np.mean(weights) - eta
    assert DeepEmbeddedValidation().score(found) == pytest.approx(-expected)


@pytest.mark.parametrize("selector", [ReverseValidation(), ClassAMI(), MixVal(), ImportanceWeightedValidation()])
def test_a_model_of_the_labels_beats_one_of_shuffled_labels(selector):
    names = {"source": "shift/subspace-source", "target": "shift/subspace-source", "classifier": "1nn"}
    assert selector.score(candidate(**names)) > selector.score(candidate(shuffled=True, **names)) + 0.05
