"""Probabilities mean what they say: a temperature on held-out source, and labels that never change by it."""

import numpy as np
import pytest

from workbench.choosing.candidates import Candidate
from workbench.choosing.importance import importance_weights
from workbench.data.domains import Domain, Predictions, Problem
from workbench.methods.contract import Model
from workbench.running import records
from workbench.running.calibrating import temperature_of, with_temperature
from workbench.scoring.calibration import calibration_error, softmax

CLASSES = ("a", "b", "c")


class TooSure(Model):
    """Takes logits for inputs, and is ``times`` as sure as it should be."""

    def __init__(self, times):
        self.times = times

    def predict(self, inputs):
        probabilities = softmax(self.times * np.asarray(inputs))
        return Predictions(probabilities.argmax(axis=1), CLASSES, probabilities)

    def save(self, folder):
        raise NotImplementedError

    load = save


def candidate(times, n=3000):
    draw = np.random.default_rng(0)

    def domain(name):
        logits = draw.normal(0, 1.5, (n, 3))
        labels = np.array([draw.choice(3, p=p) for p in softmax(logits)])
        return Domain(name, "c", logits, labels, CLASSES)

    source, held_out, target = domain("s"), domain("s"), domain("t")
    model = TooSure(times)
    problem = Problem("c", (source,), target.unlabelled())
    return Candidate(model, problem, held_out, model.predict(target.inputs), lambda problem: model), target


@pytest.mark.parametrize("times", [0.5, 1.0, 3.0])
def test_the_temperature_is_found_and_the_error_told_holds_on_the_target(times):
    known, target = candidate(times)
    found = temperature_of(known)
    assert found.temperature == pytest.approx(times, rel=0.08)
    assert found.weighted and found.examples == 3000
    cooled = with_temperature(known.predictions, found)
    np.testing.assert_array_equal(cooled.labels, known.predictions.labels)
    np.testing.assert_array_equal(cooled.probabilities.argmax(axis=1), known.predictions.labels)
    error = calibration_error(cooled.probabilities, target.labels)
    assert error == pytest.approx(found.error, abs=0.02)
    assert error < 0.03
    if times == 3:
        assert found.error_before > 0.1


def test_the_calibration_error_is_that_of_the_paper():
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.4, 0.6]])
    labels = np.array([0, 1, 0, 1])  # .9 is right in one of two, .6 always
    assert calibration_error(probabilities, labels) == pytest.approx((2 * 0.4 + 2 * 0.4) / 4)
    assert calibration_error(probabilities, labels, np.array([0, 0, 1, 1.0])) == pytest.approx(0.4)


def test_sequences_have_a_temperature_for_each_token():
    known, _ = candidate(3.0)
    found = temperature_of(known)
    rows = known.predictions.probabilities
    sequences = Predictions(
        [known.predictions.labels[:2], known.predictions.labels[2:5]], CLASSES, [rows[:2], rows[2:5]]
    )
    together = np.concatenate(with_temperature(sequences, found).probabilities)
    np.testing.assert_allclose(together, with_temperature(known.predictions, found).probabilities[:5])


def test_weights_lean_to_the_target_and_are_refused_where_domains_hardly_overlap():
    draw = np.random.default_rng(1)
    source, target, at = draw.normal(0, 1, (600, 4)), draw.normal(0.3, 1, (600, 4)), draw.normal(0, 1, (400, 4))
    weights = importance_weights(source, target, at)
    assert weights.mean() == pytest.approx(1)
    assert np.corrcoef(weights, at.sum(axis=1))[0, 1] > 0.7
    lone = np.concatenate([draw.normal(-8, 1, (399, 4)), draw.normal(8, 1, (1, 4))])
    assert importance_weights(draw.normal(-8, 1, (600, 4)), draw.normal(8, 1, (600, 4)), lone) is None


def test_a_record_keeps_the_temperature_and_predictions_apply_it(wb, tmp_path):
    import json

    command = ("run", "source-only", "--src", "shift/covariate-source", "--tgt", "shift/covariate-target")
    raw, cooled = str(tmp_path / "raw"), str(tmp_path / "cooled")
    plain = ("--classifier", "logreg", "--no-baseline", "--out")
    assert wb(*command, *plain, raw)[0] == 0
    code, _, err = wb(*command, "--calibrate", *plain, cooled)
    assert code == 0
    assert "probabilities are calibrated on" in err and "of the target that is an estimate" in err
    temperature = records.find(cooled).run["temperature"]["temperature"]
    both = []
    for record in (raw, cooled):
        _, out, err = wb("predict", record, "--file", "shift/covariate-target", "--json", "--probabilities")
        both.append([json.loads(line) for line in out.splitlines()])
    assert "calibration error" in err
    assert [row["label"] for row in both[0]] == [row["label"] for row in both[1]]
    first, second = ({k: v for k, v in rows[0].items() if k.startswith("probability_")} for rows in both)
    shares = np.array(list(first.values())) ** (1 / temperature)
    np.testing.assert_allclose(list(second.values()), shares / shares.sum(), atol=2e-3)
    kept = next(records.find(cooled).predictions())["confidence"]
    assert kept == pytest.approx(both[1][0]["confidence"], abs=1e-3)


def test_a_model_without_probabilities_says_so_where_calibration_was_asked_for(wb):
    pair = ("--src", "shift/covariate-source?n=60", "--tgt", "shift/covariate-target?n=60")
    code, _, err = wb("run", "source-only", *pair, "--classifier", "1nn", "--calibrate", "--no-baseline")
    assert code == 0
    assert "no calibration: the model gives no probabilities but 0 and 1" in err
