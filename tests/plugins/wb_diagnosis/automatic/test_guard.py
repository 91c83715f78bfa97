"""The choice: adapting must be spoken for, else source-only is kept."""

import math

import pytest

from wb_diagnosis.automatic.guard import BEHIND, Guard, Standing
from workbench.scoring.comparing import Difference

REFERENCE = Standing("plain", scores={"reverse-validation": 0.7})
RULE = Guard(usual=1.0, difference=0.5, selectors={"reverse-validation": 0.2}, least=0.01)


def standing(title, usual=0.0, gain=None, score=None):
    change = None if gain is None else Difference(gain, gain - 0.05, gain + 0.05, 0.5)
    return Standing(title, None, change, {} if score is None else {"reverse-validation": score}, usual)


def test_the_expected_gain_is_the_weighted_sum_of_what_is_known():
    assert RULE.expected_gain(REFERENCE, standing("a", 0.03, -0.02, 0.75)) == pytest.approx(0.03 - 0.01 + 0.01)
    assert RULE.expected_gain(REFERENCE, standing("a", 0.03)) == pytest.approx(0.03)
    assert RULE.expected_gain(Standing("plain"), standing("a", 0.03, None, 0.9)) == pytest.approx(0.03)


def test_the_greatest_expected_gain_is_taken():
    choice = RULE.choose(REFERENCE, [standing("a", 0.02), standing("b", 0.05), standing("c", -0.01)])
    assert choice.chosen == "b" and choice.order == ("b", "a", "plain", "c")
    assert set(choice.reasons) == {"a", "plain", "c"}


@pytest.mark.parametrize("others", [[], [standing("a", 0.009)], [standing("a", 0.03, -0.1), standing("b", -0.2)]])
def test_source_only_is_kept_where_nothing_speaks_clearly_for_another(others):
    choice = RULE.choose(REFERENCE, others)
    assert choice.chosen == "plain" and "plain" not in choice.reasons
    assert all(choice.reasons[other.title] == BEHIND for other in others)


def test_better_evidence_never_makes_a_model_lose():
    rivals = [standing("b", 0.03, 0.01, 0.72), standing("c", 0.02, 0.04, 0.6)]
    positions = [
        RULE.choose(REFERENCE, [standing("a", 0.02, gain, 0.7), *rivals]).order.index("a")
        for gain in (-0.2, -0.05, 0.0, 0.02, 0.05, 0.3)
    ]
    assert positions == sorted(positions, reverse=True) and positions[0] > positions[-1] == 0


def test_the_order_in_which_models_are_told_does_not_matter():
    models = [standing(str(k), 0.01 * k, 0.02 * math.sin(k), 0.7 + 0.01 * math.cos(k)) for k in range(6)]
    assert RULE.choose(REFERENCE, models) == RULE.choose(REFERENCE, models[::-1])
