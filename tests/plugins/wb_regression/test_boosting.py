"""TrAdaBoost.R2 and its two-stage form against plain loops, and on the contradiction that they are made for."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from wb_regression.boosting import TargetBoost, weighted_median
from wb_regression.tradaboost import TransferBoostR2
from wb_regression.two_stage import TwoStageBoostR2, with_share


def contradiction(seed, n=80, m=12):
    """A source of which two in three examples have the opposite slope, a few target examples, and more to score on."""
    generator = np.random.default_rng(seed)
    x, target, more = (generator.normal(size=(size, 2)) for size in (n, m, 200))
    slope = np.array([2.0, -1.0])
    sign = np.where(np.arange(n) % 3 == 0, 1.0, -1.0)
    noise = [generator.normal(0, 0.2, size) for size in (n, m, 200)]
    return x, sign * (x @ slope) + noise[0], target, target @ slope + noise[1], more, more @ slope + noise[2]


def new():
    return Ridge(1.0)


def slow_median(values, votes):
    total, reached = sum(votes), 0.0
    for value, vote in sorted(zip(values, votes, strict=True)):
        reached += vote
        if reached >= total / 2 - 1e-12:
            return value
    raise AssertionError


def test_the_median_is_weighted():
    generator = np.random.default_rng(0)
    predictions, votes = generator.normal(size=(20, 7)), generator.uniform(0.1, 2, 7)
    expected = [slow_median(row.tolist(), votes.tolist()) for row in predictions]
    np.testing.assert_array_equal(weighted_median(predictions, votes), expected)
    assert weighted_median(np.array([[3.0, 1.0, 2.0]]), np.array([5.0, 1.0, 1.0])) == 3.0
    assert weighted_median(np.array([[1.0, 2.0]]), np.ones(2)) == 1.0


def test_tradaboost_r2_is_that_of_plain_loops():
    xs, ys, xt, yt, more, _ = contradiction(0)
    n, m, rounds = len(ys), len(yt), 6
    x, y = np.vstack([xs, xt]), np.concatenate([ys, yt])
    weights = [1 / (n + m)] * (n + m)
    beta = 1 / (1 + np.sqrt(2 * np.log(n) / rounds))
    members, votes, shares = [], [], []
    for _ in range(rounds):
        member = Ridge(1.0).fit(x, y, sample_weight=np.array(weights) * (n + m))
        errors = [abs(y[i] - member.predict(x[i : i + 1])[0]) for i in range(n + m)]
        errors = [error / max(errors) for error in errors]
        share = sum(weights[n:])
        error = sum(w * e for w, e in zip(weights[n:], errors[n:], strict=True)) / share
        beta_t = min(error, 0.499) / (1 - min(error, 0.499))
        members.append(member)
        votes.append(np.log(1 / beta_t))
        shares.append(share)
        for i in range(n + m):
            weights[i] *= beta ** errors[i] if i < n else beta_t ** -errors[i]
        weights = [w / sum(weights) for w in weights]
    boost = TransferBoostR2(rounds).fit(xs, ys, xt, yt, new)
    np.testing.assert_allclose([row["target_share"] for row in boost.trace_], shares)
    expected = [slow_median([h.predict(z[None])[0] for h in members[3:]], votes[3:]) for z in more[:20]]
    np.testing.assert_allclose(boost.predict(more[:20]), expected)


def test_adaboost_r2_with_a_frozen_source_is_that_of_plain_loops():
    xs, ys, xt, yt, more, _ = contradiction(1)
    x, y = np.vstack([xs, xt]), np.concatenate([ys, yt])
    n = len(ys)
    first = np.random.default_rng(0).dirichlet(np.ones(len(y)))
    weights, members, votes = first.copy(), [], []
    for _ in range(4):
        member = Ridge(1.0).fit(x, y, sample_weight=weights * len(y))
        errors = np.abs(y - member.predict(x))
        errors = errors / errors.max()
        error = float(np.sum(weights * errors))
        if error >= 0.5:
            break
        members.append(member)
        votes.append(np.log((1 - error) / error))
        for i in range(n, len(y)):
            weights[i] *= (error / (1 - error)) ** (1 - errors[i])
        weights[n:] *= first[n:].sum() / weights[n:].sum()
    boost = TargetBoost(4).fit(x, y, first, np.arange(len(y)) >= n, new)
    np.testing.assert_allclose(boost.votes_, votes)
    expected = [slow_median([h.predict(z[None])[0] for h in members], votes) for z in more[:10]]
    np.testing.assert_allclose(boost.predict(more[:10]), expected)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.99, 1.0])
def test_a_step_takes_the_source_its_weight_by_its_errors(share):
    generator = np.random.default_rng(0)
    weights, errors, is_target = generator.dirichlet(np.ones(30)), generator.uniform(0, 1, 30), np.arange(30) >= 24
    changed = with_share(weights, errors, is_target, share)
    assert changed.sum() == pytest.approx(1) and changed[is_target].sum() == pytest.approx(share)
    np.testing.assert_allclose(changed[is_target] / changed[24], weights[is_target] / weights[24])
    if share < 1:
        powers = np.log(changed[~is_target] / weights[~is_target])  # a line in the errors, of slope ln β
        np.testing.assert_allclose(powers, np.polyval(np.polyfit(errors[~is_target], powers, 1), errors[~is_target]))
        assert np.polyfit(errors[~is_target], powers, 1)[0] < 0


def test_two_stages_keep_the_step_of_least_validated_error():
    xs, ys, xt, yt, _, _ = contradiction(2)
    boost = TwoStageBoostR2(steps=5, rounds=3, folds=4, random_state=0).fit(xs, ys, xt, yt, new)
    assert boost.step_ == int(np.argmin(boost.errors_)) and len(boost.errors_) == 5
    last = TwoStageBoostR2(steps=5, rounds=3, folds=4).fit(xs, np.full(len(ys), 1e3), xt, yt, new)
    assert last.step_ == 4  # of a source that only misleads nothing is kept
    alone = TargetBoost(3).fit(xt, yt, np.full(len(yt), 1 / len(yt)), np.ones(len(yt), dtype=bool), new)
    assert np.abs(last.predict(xt) - alone.predict(xt)).max() < 0.5


@pytest.mark.parametrize("boost", [TransferBoostR2(), TwoStageBoostR2(steps=6, rounds=3, folds=3)])
def test_a_source_that_contradicts_is_forgotten(boost):
    for seed in range(3):
        xs, ys, xt, yt, more, truth = contradiction(seed)
        pooled = Ridge(1.0).fit(np.vstack([xs, xt]), np.concatenate([ys, yt])).predict(more)
        boosted = boost.fit(xs, ys, xt, yt, new).predict(more)
        assert np.mean((boosted - truth) ** 2) < 0.5 * np.mean((pooled - truth) ** 2)
