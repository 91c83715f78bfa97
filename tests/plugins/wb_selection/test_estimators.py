"""Estimators of accuracy: known answers, defining properties, and the cases that each is made for."""

from dataclasses import replace

import numpy as np
import pytest

from wb_selection.estimators.accuracy import error_of_mean, with_errors
from wb_selection.estimators.agreement import Agreement, agreed
from wb_selection.estimators.audited import Errors
from wb_selection.estimators.calibrated import ExpectedPerformance
from wb_selection.estimators.confidence import AverageConfidence, DifferenceOfConfidences
from wb_selection.estimators.evidence import Evidence
from wb_selection.estimators.held_out import HeldOutAccuracy
from wb_selection.estimators.label_shift import LabelShiftConfidence, LabelShiftRecall
from wb_selection.estimators.threshold import AverageThresholdedConfidence, MaximumATC
from wb_selection.estimators.transport import ConfidenceOptimalTransport, transported
from wb_selection.estimators.weighted import ImportanceWeightedAccuracy, density_ratios, weighted_accuracy
from workbench.choosing.candidates import Candidate
from workbench.choosing.estimators import CannotTell, lacking
from workbench.choosing.grid import hold_out
from workbench.data.domains import Domain, Predictions, Problem
from workbench.methods.variants import make
from workbench.plugins.loading import load
from workbench.progress import Progress

GRADED = [
    AverageConfidence(),
    DifferenceOfConfidences(),
    AverageThresholdedConfidence(),
    MaximumATC(),
    ExpectedPerformance(),
    ConfidenceOptimalTransport(),
    LabelShiftConfidence(),
]
WITHOUT_PROBABILITIES = [HeldOutAccuracy(), LabelShiftRecall()]
EVERY = [*GRADED, *WITHOUT_PROBABILITIES]


def name_of(estimator):
    return estimator.name


def calibrated_examples(generator, n, shares=(0.5, 0.3, 0.2), sharpness=1.5):
    """Probabilities that are right for these class shares, and labels: a Gaussian for each class."""
    shares = np.asarray(shares)
    labels = generator.choice(3, size=n, p=shares)
    x = np.eye(3)[labels] * sharpness + generator.normal(size=(n, 3))
    return x, labels


def posterior(x, shares, sharpness=1.5):
    values = np.asarray(shares) * np.exp(sharpness * x)
    return values / values.sum(axis=1, keepdims=True)


def evidence_of(held_out, labels, target, **more):
    return Evidence(held_out, held_out.argmax(axis=1), labels, target, target.argmax(axis=1), **more)


@pytest.fixture(scope="module")
def alike():
    """No shift, and calibrated probabilities; with the accuracy on the target."""
    generator, shares = np.random.default_rng(0), (0.5, 0.3, 0.2)
    (x, labels), (x_target, gold) = (calibrated_examples(generator, n) for n in (3000, 4000))
    target = posterior(x_target, shares)
    return evidence_of(posterior(x, shares), labels, target), float(np.mean(target.argmax(axis=1) == gold))


@pytest.fixture(scope="module")
def relabelled():
    """Label shift: the model is right for the source's shares, the target has others."""
    generator, shares = np.random.default_rng(1), (0.5, 0.3, 0.2)
    x, labels = calibrated_examples(generator, 6000)
    x_target, gold = calibrated_examples(generator, 6000, (0.1, 0.15, 0.75))
    target = posterior(x_target, shares)
    return evidence_of(posterior(x, shares), labels, target), float(np.mean(target.argmax(axis=1) == gold))


@pytest.mark.parametrize("estimator", EVERY, ids=name_of)
def test_without_a_shift_the_accuracy_is_found(estimator, alike):
    evidence, accuracy = alike
    estimate = estimator.accuracy(evidence)
    assert estimate.value == pytest.approx(accuracy, abs=0.025)
    assert abs(estimate.value - accuracy) < 3.5 * estimate.standard_error(evidence)


@pytest.mark.parametrize("estimator", [LabelShiftConfidence(), LabelShiftRecall()], ids=name_of)
def test_under_label_shift_only_those_made_for_it_are_right(estimator, relabelled):
    evidence, accuracy = relabelled
    assert estimator.accuracy(evidence).value == pytest.approx(accuracy, abs=0.02)
    assert abs(HeldOutAccuracy().accuracy(evidence).value - accuracy) > 0.08


@pytest.mark.parametrize("estimator", EVERY, ids=name_of)
def test_the_order_of_examples_and_of_classes_says_nothing(estimator, alike):
    evidence, _ = alike
    few = evidence_of(evidence.held_out[:300], evidence.labels[:300], evidence.target[:300])
    order, classes = np.random.default_rng(2).permutation(300), np.array([2, 0, 1])
    turned = evidence_of(
        few.held_out[order][:, classes], np.argsort(classes)[few.labels[order]], few.target[::-1][:, classes]
    )
    assert estimator.accuracy(turned).value == pytest.approx(estimator.accuracy(few).value, abs=1e-4)


@pytest.mark.parametrize("estimator", [AverageThresholdedConfidence(), MaximumATC()], ids=name_of)
def test_as_many_held_out_examples_exceed_the_threshold_as_are_right(estimator, alike):
    evidence, _ = alike
    itself = replace(evidence, target=evidence.held_out, target_predicted=evidence.held_out_predicted)
    assert estimator.accuracy(itself).value == pytest.approx(evidence.right.mean(), abs=1e-9)


@pytest.mark.parametrize("slope", [0.3, 3.0])
@pytest.mark.parametrize("estimator", GRADED[:5], ids=name_of)
def test_a_wrong_temperature_of_the_model_is_no_error_of_the_estimate(estimator, slope, alike):
    evidence, accuracy = alike
    sides = [p**slope / np.sum(p**slope, axis=1, keepdims=True) for p in (evidence.held_out, evidence.target)]
    assert estimator.accuracy(evidence_of(sides[0], evidence.labels, sides[1])).value == pytest.approx(
        accuracy, abs=0.03
    )


def test_the_difference_of_confidences_by_hand():
    held_out = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]])
    evidence = evidence_of(held_out, np.array([0, 0, 1, 1]), np.array([[0.5, 0.5], [0.6, 0.4]]))
    source, target = (side.max(axis=1).mean() for side in evidence.softened)
    assert DifferenceOfConfidences().accuracy(evidence).value == pytest.approx(0.75 - (source - target))
    assert AverageConfidence().accuracy(evidence).value == pytest.approx(target)


def test_a_transport_plan_is_the_best_of_all_assignments():
    probabilities = np.random.default_rng(3).dirichlet(np.ones(2), size=6)
    plan = transported(probabilities, np.array([1 / 3, 2 / 3]))
    slow = max(
        probabilities[list(chosen), 0].sum() + probabilities[[i for i in range(6) if i not in chosen], 1].sum()
        for chosen in [(i, j) for i in range(6) for j in range(i)]
    )
    assert plan.sum() == pytest.approx(slow)


def test_predictions_that_pile_up_on_one_class_are_transported_far():
    held_out = np.tile(np.eye(2) * 0.98 + 0.01, (50, 1))
    collapsed = np.tile([0.99, 0.01], (100, 1))
    evidence = evidence_of(held_out, np.tile([0, 1], 50), collapsed)
    assert ConfidenceOptimalTransport().accuracy(evidence).value < 0.55 < AverageConfidence().accuracy(evidence).value


def test_known_ratios_give_the_accuracy_under_covariate_shift():
    generator = np.random.default_rng(4)
    x = generator.uniform(size=20000)
    right = generator.uniform(size=20000) < x  # the accuracy at x is x
    predicted = np.where(right, 0, 1)
    evidence = Evidence(np.eye(2)[predicted], predicted, np.zeros(20000, dtype=int), np.eye(2)[[0]], np.array([0]))
    accuracy = weighted_accuracy(evidence, 2 * (1 - x))  # the target's density: ∫ x 2 (1 − x) dx = 1 / 3
    assert accuracy.value == pytest.approx(1 / 3, abs=0.01)
    assert accuracy.standard_error(evidence) == pytest.approx(
        np.std((1 - x) * 2 * (right - 1 / 3)) / 20000**0.5, rel=0.1
    )


def test_collapsed_weights_tell_nothing(alike):
    evidence, _ = alike
    few = evidence_of(evidence.held_out[:12], evidence.labels[:12], evidence.target[:5])
    with pytest.raises(CannotTell, match="of 12 held-out source examples count effectively"):
        weighted_accuracy(few, np.r_[np.ones(6), np.full(6, 1e-6)])


def test_agreement_is_the_share_of_equal_predictions():
    assert agreed(np.array([0, 1, 2, 2]), np.array([0, 1, 1, 2])).value == 0.75


def test_tokens_of_one_sentence_count_as_one_draw():
    values, clusters = np.repeat([1.0, 0.0, 1.0, 1.0], 50), np.repeat(np.arange(4), 50)
    assert error_of_mean(values, clusters) == pytest.approx(np.std([1, 0, 1, 1], ddof=1) / 2)
    assert error_of_mean(values, clusters) > 6 * error_of_mean(values, None)


def test_an_interval_is_that_of_the_audit_with_sampling_on_top():
    plain = with_errors(0.8, 0.0, Errors(-0.3, 0.05))
    assert (plain.low, plain.high) == pytest.approx((0.5, 0.85))
    assert with_errors(0.8, 0.1, Errors(-0.3, 0.05)).low < plain.low
    assert with_errors(0.8, 0.2, Errors(-0.3, 0.05)).high == 1, "a share"


class Sentences:
    """A model of sentences whose words are probabilities of the second tag."""

    def predict(self, inputs):
        rows = [np.array([[1 - float(word), float(word)] for word in sentence]).reshape(-1, 2) for sentence in inputs]
        return Predictions([row.argmax(axis=1) for row in rows], ("a", "b"), rows)

    predict_source = predict


def test_of_sequences_tokens_are_judged():
    sentences = [["0.9", "0.2"], [], ["0.6"]]
    held = Domain("s", "tagging", sentences, [np.array([1, 0]), np.zeros(0, int), np.array([0])], ("a", "b"))
    problem = Problem("tagging", (held,), Domain("t", "tagging", sentences))
    model = Sentences()
    candidate = Candidate(model, problem, held, model.predict(sentences), lambda other: model, "sequence")
    assert Evidence.of(candidate).target_clusters.tolist() == [0, 0, 2]
    assert HeldOutAccuracy().estimate(candidate).value == pytest.approx(2 / 3)
    assert density_ratios(candidate).shape == (3,)
    many = replace(candidate, predictions=model.predict(sentences * 800))
    for estimator in EVERY:
        estimate = estimator.estimate(many)
        assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


def fitted(classifier, shift):
    """A candidate on vectors whose target is moved along the first feature, where labels are hard to tell."""
    generator = np.random.default_rng(5)
    x, x_target = generator.normal(size=(600, 4)), generator.normal(size=(500, 4)) + np.array([shift, 0, 0, 0])
    labels = (x[:, 1] + np.exp(x[:, 0]) / 2 * generator.normal(size=600) > 0).astype(int)
    source = Domain("s", "classification", x, labels, ("a", "b"))
    problem = Problem("classification", (source,), Domain("t", "classification", x_target), seed=1)
    host = load()
    method = make(
        host.methods.get("source-only", "classification"), {"classifier": classifier, "scaling": "none"}, host
    )
    kept, held_out = hold_out(problem)
    model = method.fit(kept, Progress())
    fit = lambda other: method.fit(other, Progress())  # noqa: E731
    return Candidate(model, kept, held_out, model.predict(x_target), fit)


def test_weights_follow_the_target_to_where_labels_are_hard():
    away, here = (ImportanceWeightedAccuracy().estimate(fitted("logreg", shift)).value for shift in (1.5, 0.0))
    assert away < here - 0.05


def test_a_model_without_probabilities_has_estimators_left():
    candidate = fitted("1nn", 0.5)
    assert all("none but 0 and 1" in lacking(type(estimator), candidate) for estimator in GRADED)
    left = [HeldOutAccuracy(), LabelShiftRecall(), ImportanceWeightedAccuracy(), Agreement()]
    for estimator in left:
        assert lacking(type(estimator), candidate) == ""
        estimate = estimator.estimate(candidate)
        assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
