"""Several seeds as one outcome: means, spreads, directions, and a test of examples and trainings at once."""

import numpy as np
import pytest
from scipy import stats

from workbench.report import verdicts
from workbench.running.outcome import DomainSummary, Outcome
from workbench.running.seeds import combine
from workbench.scoring.comparing import NEGATIVE, POSITIVE, UNCLEAR, Comparison, Difference, Estimate, decide
from workbench.scoring.scales import Scale
from workbench.scoring.statistics import two_way_test

ERROR = Scale("RMSE", "number", higher_is_better=False)


def outcome(seed: int, difference: float, half: float, scale: Scale) -> Outcome:
    """One run whose method differs from its baseline of .5 by ``difference`` ± ``half``."""
    side = DomainSummary(name="a", edition="e", counts={"examples": 9}, unlabelled_counts={})
    before, after = (Estimate(x, x - half, x + half) for x in (0.5, 0.5 + difference))
    change = Difference(difference, difference - half, difference + half, 0.0002)
    compared = Comparison({"f": scale}, {"f": before}, {"f": after}, {"f": change}, decide(change, scale))
    return Outcome(
        method="m", task="t", baseline="b", source=side, target=side, protocol="p", seed=seed, comparison=compared
    )


def test_a_training_that_others_do_not_repeat_is_no_verdict_over_seeds():
    outcomes = [outcome(seed, d, 0.01, Scale("accuracy")) for seed, d in enumerate((0.4, -0.01, 0.02, 0.0))]
    assert outcomes[0].verdict == POSITIVE
    assert combine(outcomes).verdict == UNCLEAR


def test_what_every_training_shows_on_many_examples_is_positive():
    outcomes = [outcome(seed, d, 0.01, Scale("accuracy")) for seed, d in enumerate((0.10, 0.11, 0.09, 0.12))]
    combined = combine(outcomes)
    assert combined.verdict == POSITIVE and combined.comparison.difference["f"].low > 0
    assert combined.as_json()["difference"]["f"]["sd"] == pytest.approx(np.std([0.10, 0.11, 0.09, 0.12], ddof=1))


def test_trainings_that_agree_on_too_few_examples_are_no_verdict():
    outcomes = [outcome(seed, d, 0.3, Scale("accuracy")) for seed, d in enumerate((0.10, 0.11, 0.09, 0.12))]
    assert combine(outcomes).verdict == UNCLEAR


def test_an_error_that_falls_is_ahead_in_every_run():
    outcomes = [outcome(seed, d, 0.01, ERROR) for seed, d in enumerate((-0.20, -0.21, -0.19))]
    combined = combine(outcomes)
    assert combined.verdict == POSITIVE
    sentence = verdicts.verdict(combined)
    assert sentence.startswith("Positive: m helps, -0.2000 of RMSE") and "Ahead in 3 of 3 runs." in sentence
    assert combine([outcome(s, d, 0.01, ERROR) for s, d in enumerate((0.2, 0.21, 0.19))]).verdict == NEGATIVE


def test_without_chance_in_the_examples_it_is_the_paired_t_test():
    differences = np.array([0.03, 0.01, 0.04, 0.02, 0.05])
    p, low, high = two_way_test(differences, 0.0)
    assert p == pytest.approx(stats.ttest_1samp(differences, 0).pvalue)
    interval = stats.ttest_1samp(differences, 0).confidence_interval()
    assert (low, high) == pytest.approx((interval.low, interval.high))


def test_it_is_calibrated_for_examples_and_trainings_alike():
    """Under the null hypothesis about one in twenty is below .05, where the t-test of the seeds alone is too sure."""
    generator = np.random.default_rng(0)
    examples, trainings, seeds, tries = 0.02, 0.01, 4, 2000
    shared = generator.normal(0, examples, size=(tries, 1))
    differences = shared + generator.normal(0, trainings, size=(tries, seeds))
    both = np.mean([two_way_test(row, examples)[0] < 0.05 for row in differences])
    alone = np.mean([stats.ttest_1samp(row, 0).pvalue < 0.05 for row in differences])
    assert 0.02 < both < 0.08 and alone > 0.3
