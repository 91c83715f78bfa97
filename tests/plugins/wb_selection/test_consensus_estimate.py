"""The consensus: what it blends, when it cannot tell, and the difference of two models."""

import json
import math
import time
from dataclasses import replace
from importlib import resources

import numpy as np
import pytest

from wb_selection.estimators import consensus as module
from wb_selection.estimators.audited import FILE, Blend, Errors, audited
from wb_selection.estimators.consensus import Consensus, blended, blended_value, consensus_of, logit
from wb_selection.estimators.evidence import Evidence
from wb_selection.estimators.gains import difference_of, votes
from wb_selection.estimators.heads import head_agreement, with_head
from workbench.choosing.candidates import Candidate
from workbench.choosing.estimators import CannotTell, lacking
from workbench.choosing.grid import hold_out
from workbench.data.domains import Domain, Predictions, Problem
from workbench.methods.variants import make
from workbench.plugins.loading import load
from workbench.progress import Progress

BLEND = Blend({"atc": 0.5, "cot": 0.7}, Errors(-0.4, 0.3))


def evidence_of(held_out, labels, target, predicted=None):
    said = target.argmax(axis=1) if predicted is None else predicted
    return Evidence(held_out, held_out.argmax(axis=1), labels, target, said)


def drawn(generator, n, sharpness):
    """Calibrated probabilities of three classes, and labels drawn from them."""
    p = generator.dirichlet(np.full(3, 1 / sharpness), size=n)
    labels = np.array([generator.choice(3, p=row) for row in p])
    return p, labels


@pytest.fixture(scope="module")
def shifted():
    generator = np.random.default_rng(0)
    held_out, labels = drawn(generator, 800, 6)
    target, _ = drawn(generator, 900, 2)
    return evidence_of(held_out, labels, target)


def test_the_blend_by_hand():
    value = blended_value(0.9, {"atc": 0.8, "cot": 0.7}, BLEND)
    expected = math.log(9) + 0.5 * (math.log(4) - math.log(9)) + 0.7 * (math.log(7 / 3) - math.log(9))
    assert logit(value) == pytest.approx(expected)
    assert blended_value(0.9, {"atc": 0.9, "cot": 0.9}, BLEND) == pytest.approx(0.9), "no drop, no correction"


def test_the_interval_is_that_of_the_errors_in_logits_and_stays_a_share(shifted):
    estimate, evidence = consensus_of(shifted, BLEND), shifted
    value, sampling = blended(evidence, BLEND)
    assert estimate.value == value
    assert estimate.low < value < estimate.high
    half = logit(value) - logit(estimate.low)
    assert half == pytest.approx(math.hypot(0.4, 1.645 * sampling / (value * (1 - value))), rel=1e-3)
    wide = consensus_of(evidence, Blend(BLEND.weights, Errors(-50, 50)))
    assert 0 <= wide.low < wide.high <= 1


def test_near_chance_it_cannot_tell():
    generator = np.random.default_rng(1)
    held_out, labels = drawn(generator, 500, 4)
    target = np.full((400, 3), 1 / 3) + generator.normal(scale=1e-3, size=(400, 3))
    with pytest.raises(CannotTell, match="hardly better than always saying the commonest class"):
        consensus_of(evidence_of(held_out, labels, target / target.sum(axis=1, keepdims=True)), BLEND)


def test_a_model_does_not_differ_from_itself(shifted):
    evidence = shifted
    difference = difference_of(
        evidence, evidence, {"cot": 0.0, **votes(evidence, evidence)}, audited().graded_difference
    )
    assert (difference.value, difference.low, difference.high, difference.p) == (0, 0, 0, 1)


def test_a_difference_is_no_larger_than_the_share_of_other_predictions(shifted):
    evidence = shifted
    other = evidence.target.copy()
    other[:90] = np.roll(other[:90], 1, axis=1)
    after = replace(evidence, target=other, target_predicted=other.argmax(axis=1))
    difference = difference_of(evidence, after, {"cot": 0.5}, Blend({"cot": 1.0}, Errors(-0.9, 0.9)))
    assert difference.value == difference.high == pytest.approx(0.1)
    assert difference.low >= -0.1


def test_votes_know_the_better_of_two_calibrated_models():
    generator = np.random.default_rng(2)
    target, gold = drawn(generator, 3000, 3)
    held_out, labels = drawn(generator, 2000, 3)
    worse = target.copy()
    worse[:600] = worse[generator.permutation(600)]
    before, after = evidence_of(held_out, labels, worse), evidence_of(held_out, labels, target)
    given = votes(before, after)
    assert given["adapted"] > 0 > given["baseline"]
    gain = np.mean(target.argmax(axis=1) == gold) - np.mean(worse.argmax(axis=1) == gold)
    assert given["adapted"] == pytest.approx(gain, abs=0.02), "where the adapted model is calibrated, it knows"


def fitted(classifier, shift=0.7):
    generator = np.random.default_rng(3)
    x = generator.normal(size=(500, 4))
    x_target = generator.normal(size=(400, 4)) * (1 + shift)
    labels = (x[:, :2].sum(axis=1) + 0.5 * generator.normal(size=500) > 0).astype(int)
    source = Domain("s", "classification", x, labels, ("a", "b"))
    problem = Problem("classification", (source,), Domain("t", "classification", x_target), seed=1)
    host = load()
    method = make(host.methods.get("source-only", "classification"), {"classifier": classifier}, host)
    kept, held_out = hold_out(problem)
    model = method.fit(kept, Progress())
    return Candidate(model, kept, held_out, model.predict(x_target), lambda other: method.fit(other, Progress()))


def test_a_model_without_probabilities_is_judged_by_a_head():
    candidate = fitted("1nn")
    assert lacking(Consensus, candidate) == ""
    evidence = with_head(candidate)
    assert evidence.graded
    assert np.array_equal(evidence.target_predicted, candidate.predictions.labels), "the model's own predictions"
    agreed = np.mean(evidence.target.argmax(axis=1) == evidence.target_predicted)
    agreed_held_out = np.mean(evidence.held_out.argmax(axis=1) == evidence.held_out_predicted)
    expected = evidence.right.mean() * agreed / agreed_held_out
    assert head_agreement(evidence).value == pytest.approx(expected)
    estimate = Consensus().estimate(candidate)
    assert 0.5 < estimate.low < estimate.value < estimate.high < 1
    difference = Consensus().estimate_difference(candidate, fitted("logreg"))
    assert difference.low <= difference.value <= difference.high


class Silent:
    """A model with neither probabilities nor features."""

    def predict(self, inputs):
        return Predictions(np.arange(len(inputs)) % 2, ("a", "b"))

    predict_source = predict


def test_without_probabilities_and_features_it_cannot_tell():
    source = Domain("s", "classification", np.zeros((8, 1)), np.arange(8) % 2, ("a", "b"))
    problem = Problem("classification", (source,), Domain("t", "classification", np.zeros((6, 1))))
    candidate = Candidate(Silent(), problem, source, Silent().predict(np.zeros(6)), lambda other: Silent())
    with pytest.raises(CannotTell, match="no probabilities, and no features"):
        Consensus().estimate(candidate)


def test_the_packaged_file_names_members_that_there_are():
    content = json.loads((resources.files("wb_selection.estimators") / FILE).read_text(encoding="utf-8"))
    for name in ("graded", "plain"):
        blend = getattr(audited(), name)
        assert set(blend.weights) <= set(module.MEMBERS)
        assert sum(blend.weights.values()) > 0.5
        assert blend.errors.low < 0 < blend.errors.high
    assert set(content["consensus"]) == {"graded", "plain", "graded_difference", "plain_difference"}
    assert set(content["estimators"]) <= set(load().estimators.names())


def test_two_thousand_examples_take_less_than_two_seconds():
    generator = np.random.default_rng(4)
    held_out, labels = generator.dirichlet(np.full(10, 0.3), size=2000), generator.integers(0, 10, 2000)
    target = generator.dirichlet(np.full(10, 0.4), size=2000)
    before, after = (evidence_of(held_out, labels, side) for side in (target, target[::-1]))
    start = time.process_time()
    blended(before, audited().graded)
    difference_of(before, after, {"cot": 0.0, **votes(before, after)}, audited().graded_difference)
    assert time.process_time() - start < 2
