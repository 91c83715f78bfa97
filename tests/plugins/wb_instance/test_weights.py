"""Weights of source examples against generic optimisers and plain loops, and what they must obey."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from wb_instance.discriminative import DiscriminativeWeights
from wb_instance.kliep import KullbackLeiblerImportance, greatest_likelihood
from wb_instance.kmm import KernelMeanMatching
from wb_instance.nearest import NearestNeighbourWeights
from wb_instance.quadratic import factored_minimum, minimum, project
from wb_instance.tradaboost import TransferBoost
from wb_instance.ulsif import LeastSquaresImportance, least_squares, leave_one_out
from workbench.scoring.statistics import effective_sample_size

generator = np.random.default_rng(0)
SOURCE = generator.normal(size=(80, 3))
TARGET = generator.normal(size=(60, 3)) * 0.7 + np.array([0.8, 0.0, 0.0])
ESTIMATORS = [
    KernelMeanMatching(),
    KullbackLeiblerImportance(),
    LeastSquaresImportance(),
    LeastSquaresImportance(relative=0.1),
    DiscriminativeWeights(),
    NearestNeighbourWeights(),
]


def quadratic(seed, n=25):
    draw = np.random.default_rng(seed)
    factor = draw.normal(size=(n, n + 3))
    return factor @ factor.T, draw.normal(size=n) * 8


@given(
    st.integers(0, 10_000), st.sampled_from([(0.0, 1e9), (10.0, 11.0), (0.0, 0.5)]), st.sampled_from([0.5, 2.0, 1e6])
)
@settings(max_examples=60, deadline=None)
def test_the_quadratic_programme_meets_its_optimality_conditions(seed, sums, bound):
    """With ν, the multiplier of the sum, the gradient is ν inside, no less at 0 and no more at the bound."""
    matrix, pull = quadratic(seed)
    weights, objective = minimum(matrix.copy(), pull, bound, sums)
    assert weights.min() >= 0 and weights.max() <= bound
    assert sums[0] - 1e-5 <= weights.sum() <= sums[1] + 1e-5
    assert objective == pytest.approx(0.5 * weights @ matrix @ weights - pull @ weights, rel=1e-4, abs=1e-4)
    gradient = matrix @ weights - pull
    inside = (weights > 1e-6) & (weights < bound - 1e-6)
    at_low, at_high = abs(weights.sum() - sums[0]) < 1e-4, abs(weights.sum() - sums[1]) < 1e-4
    multiplier = gradient[inside].mean() if inside.any() and (at_low or at_high) else 0.0
    assert multiplier >= -1e-3 or at_high
    assert multiplier <= 1e-3 or at_low
    if inside.any() or not (at_low or at_high):
        np.testing.assert_allclose(gradient[inside], multiplier, atol=1e-3)
        assert np.all(gradient[weights <= 1e-6] >= multiplier - 1e-3)
        assert np.all(gradient[weights >= bound - 1e-6] <= multiplier + 1e-3)


@pytest.mark.parametrize("seed", range(3))
def test_the_quadratic_programme_is_no_worse_than_a_generic_solver(seed):
    matrix, pull = quadratic(seed)
    _, found = minimum(matrix.copy(), pull, 2.0, (0.0, 1e9))
    generic = minimize(
        lambda w: 0.5 * w @ matrix @ w - pull @ w,
        np.ones(25),
        jac=lambda w: matrix @ w - pull,
        bounds=[(0, 2.0)] * 25,
        method="L-BFGS-B",
        options={"maxiter": 10_000, "ftol": 1e-14, "gtol": 1e-10},
    )
    assert found <= generic.fun + 1e-6 * max(1.0, abs(generic.fun))


def test_the_factored_programme_agrees_with_the_whole_one():
    matrix, pull = quadratic(3)
    factor = np.linalg.cholesky(matrix)
    _, whole = minimum(matrix.copy(), pull, 1e6, (0.0, 1e9))
    _, short = factored_minimum(factor, pull, 1e6, (0.0, 1e9))
    assert short == pytest.approx(whole, rel=1e-4)


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=12))
@settings(max_examples=50, deadline=None)
def test_a_projection_lies_in_the_box_and_keeps_the_sum(values):
    found = project(np.array(values), 1.5, (1.0, 2.0))
    assert np.all((found >= 0) & (found <= 1.5))
    assert 1.0 - 1e-9 <= found.sum() <= 2.0 + 1e-9


def test_matched_means_are_nearer_than_those_of_equal_weights():
    matching = KernelMeanMatching(bound=10).fit(SOURCE, target=TARGET)
    weights = matching.weights_ / matching.weights_.sum()
    before = np.linalg.norm(SOURCE.mean(axis=0) - TARGET.mean(axis=0))
    assert np.linalg.norm(weights @ SOURCE - TARGET.mean(axis=0)) < 0.5 * before


def test_kliep_reaches_the_likelihood_of_a_generic_solver():
    on_target = np.exp(-0.5 * ((TARGET[:, None] - TARGET[None, :10]) ** 2).sum(axis=2))
    means = np.exp(-0.5 * ((SOURCE[:, None] - TARGET[None, :10]) ** 2).sum(axis=2)).mean(axis=0)
    found = greatest_likelihood(on_target, means)
    assert means @ found == pytest.approx(1.0)
    generic = minimize(
        lambda a: -np.mean(np.log(on_target @ a)),
        np.full(10, 1 / means.sum()),
        bounds=[(0, None)] * 10,
        constraints=[{"type": "eq", "fun": lambda a: means @ a - 1}],
        method="SLSQP",
        options={"maxiter": 1000, "ftol": 1e-13},
    )
    assert -np.mean(np.log(on_target @ found)) <= generic.fun + 1e-6


@pytest.mark.parametrize("width", [0.3, 1.0, 3.0, 10.0, 100.0])
def test_kliep_meets_its_optimality_conditions_however_smooth_the_kernel(width):
    """Its gradient 1 − mean(Φ / ratio) / b is 0 where a share is positive and no less elsewhere."""
    draw = np.random.default_rng(5)
    source, target = draw.normal(size=(200, 40)), 1.1 * draw.normal(size=(150, 40)) + 0.1
    distances = [((x[:, None] - target[None, :60]) ** 2).sum(axis=2) / 40 for x in (source, target)]
    on_source, on_target = (np.exp(-0.5 * d / width**2) for d in distances)
    means = on_source.mean(axis=0)
    shares = greatest_likelihood(on_target, means) * means
    assert shares.sum() == pytest.approx(1.0)
    gradient = 1 - (on_target / (on_target @ (shares / means))[:, None]).mean(axis=0) / means
    assert np.abs(np.minimum(shares, gradient)).max() < 1e-6


def test_leave_one_out_in_closed_form_equals_leaving_one_out():
    on_source, on_target = generator.uniform(size=(12, 4)), generator.uniform(size=(12, 4))
    total = 0.0
    for i in range(12):
        kept = np.arange(12) != i
        theta = np.maximum(least_squares(on_source[kept], on_target[kept], 0.3), 0)
        total += (on_source[i] @ theta) ** 2 / 2 - on_target[i] @ theta
    assert leave_one_out(on_source, on_target, 0.3) == pytest.approx(total / 12, abs=1e-9)


def test_relative_weights_stay_below_their_bound():
    far = TARGET + 3
    weights = LeastSquaresImportance(relative=0.5, width=1.0, ridge=0.001).fit(SOURCE, target=far).weights_
    assert weights.max() <= 2 * 1.3


def test_nearest_weights_count_as_a_plain_loop():
    found = NearestNeighbourWeights().fit(SOURCE, target=TARGET).weights_
    counts = np.ones(len(SOURCE))
    for z in TARGET:
        counts[np.argmin([np.sum((x - z) ** 2) for x in SOURCE])] += 1
    np.testing.assert_allclose(found, counts / counts.mean())


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda e: type(e).__name__)
def test_source_examples_near_the_target_count_more(estimator):
    weights = estimator.fit(SOURCE, target=TARGET).weights_
    assert weights.shape == (80,)
    assert np.all(weights >= 0)
    assert weights[SOURCE[:, 0] > 0.5].mean() > weights[SOURCE[:, 0] < -0.5].mean()


@pytest.mark.parametrize(
    ("estimator", "least"),
    list(zip(ESTIMATORS, (0.5, 0.8, 0.8, 0.8, 0.8, 0.5), strict=True)),
    ids=lambda e: type(e).__name__,
)
def test_without_a_shift_most_examples_count(estimator, least):
    draw = np.random.default_rng(5)
    source, target = draw.normal(size=(200, 2)), draw.normal(size=(200, 2))
    weights = estimator.fit(source, target=target).weights_
    assert effective_sample_size(weights) > least * 200 * (0.5 if isinstance(estimator, KernelMeanMatching) else 1)


@pytest.mark.parametrize("estimator", [ESTIMATORS[0], ESTIMATORS[5]], ids=["KMM", "nearest"])
def test_rows_in_another_order_get_their_own_weights(estimator):
    order = np.random.default_rng(2).permutation(80)
    if isinstance(estimator, KernelMeanMatching):
        estimator = KernelMeanMatching(width=1.0)
    plain = estimator.fit(SOURCE, target=TARGET).weights_
    np.testing.assert_allclose(estimator.fit(SOURCE[order], target=TARGET).weights_, plain[order], atol=1e-5)


@pytest.mark.parametrize(
    "estimator",
    [
        KullbackLeiblerImportance(1.0, centres=60),
        LeastSquaresImportance(0.0, 1.0, 0.1),
        LeastSquaresImportance(0.1, 1.0, 0.1),
    ],
    ids=["KLIEP", "uLSIF", "RuLSIF"],
)
def test_ratios_with_every_target_example_as_centre_do_not_depend_on_the_order(estimator):
    draw = np.random.default_rng(2)
    order, others = draw.permutation(80), draw.permutation(60)
    plain = estimator.fit(SOURCE, target=TARGET).weights_
    np.testing.assert_allclose(estimator.fit(SOURCE[order], target=TARGET[others]).weights_, plain[order], atol=1e-5)


def logistic(features, side, cost):
    """w and b of min C Σ log(1 + exp(−y f)) + ½ ‖w‖², by a generic solver with the gradient written out."""
    signs = np.where(side == 1, 1.0, -1.0)

    def loss(parameters):
        margins = signs * (features @ parameters[:-1] + parameters[-1])
        slope = -cost * signs / (1 + np.exp(margins))
        gradient = np.append(features.T @ slope + parameters[:-1], slope.sum())
        return cost * np.sum(np.log1p(np.exp(-margins))) + 0.5 * np.sum(parameters[:-1] ** 2), gradient

    found = minimize(loss, np.zeros(features.shape[1] + 1), jac=True, method="BFGS", options={"gtol": 1e-9})
    return found.x[:-1], found.x[-1]


@pytest.mark.parametrize("cost", [0.1, 1.0])
def test_the_domain_classifiers_weights_are_those_of_plain_loops(cost):
    """Every source example by the odds of a fit to the other folds; n/m undoes the domains' sizes."""
    from sklearn.model_selection import StratifiedKFold

    both, side = np.vstack([SOURCE, TARGET]), np.array([0] * 80 + [1] * 60)
    expected = np.zeros(80)
    folds = StratifiedKFold(4, shuffle=True, random_state=3).split(both, side)
    for rest, held in folds:
        weights, intercept = logistic(both[rest], side[rest], cost)
        for i in held:
            if i < 80:
                expected[i] = np.exp(sum(weights * both[i]) + intercept) * 80 / 60
    found = DiscriminativeWeights(cost, folds=4, random_state=3).fit(SOURCE, target=TARGET).weights_
    np.testing.assert_allclose(found, expected, rtol=2e-3)


def test_the_domain_classifier_finds_no_difference_where_there_is_none():
    """The mean log-odds over a shift of nothing is near zero, and every example is near weight 1."""
    draw = np.random.default_rng(4)
    weights = DiscriminativeWeights().fit(draw.normal(size=(2000, 2)), target=draw.normal(size=(1500, 2))).weights_
    np.testing.assert_allclose(weights, 1, atol=0.35)
    assert abs(np.log(weights).mean()) < 0.05


def test_boosting_with_a_few_target_examples_unlearns_a_wrong_source():
    draw = np.random.default_rng(0)
    source, few, new = draw.normal(size=(200, 2)), draw.normal(size=(24, 2)), draw.normal(size=(500, 2))
    wrong = np.where(source[:, 0] > 0, source[:, 1] > 0, source[:, 1] <= 0).astype(int)

    def truth(x):
        return (x[:, 1] > 0).astype(int)

    boost = TransferBoost(30, classifier=LogisticRegression(C=10)).fit(source, wrong, few, truth(few))
    pooled = LogisticRegression(C=10).fit(np.vstack([source, few]), np.concatenate([wrong, truth(few)]))
    assert np.mean(boost.predict(new) == truth(new)) > np.mean(pooled.predict(new) == truth(new)) + 0.03


def test_boosting_is_that_of_plain_loops():
    draw = np.random.default_rng(1)
    source, few, new = draw.normal(size=(40, 3)), draw.normal(size=(9, 3)), draw.normal(size=(15, 3))
    labels, own = draw.permutation(np.arange(40) % 3), np.arange(9) % 3
    found = TransferBoost(6, 0.3, LogisticRegression(C=0.1)).fit(source, labels, few, own)
    x, y = np.vstack([source, few]), np.concatenate([labels, own])
    weights = [0.7 / 40] * 40 + [0.3 / 9] * 9
    beta = 1 / (1 + (2 * np.log(40) / 6) ** 0.5)
    total = np.zeros((15, 3))
    for t in range(6):
        model = LogisticRegression(C=0.1).fit(x, y, sample_weight=np.array(weights) / sum(weights) * 49)
        loss = [1 - model.predict_proba(x[i : i + 1])[0, y[i]] for i in range(49)]
        error = min(sum(weights[i] * loss[i] for i in range(40, 49)) / sum(weights[40:]), 0.499)
        own_beta = error / (1 - error)
        if t >= 3:
            total += np.log(1 / own_beta) * model.predict_proba(new)
        weights = [w * (beta ** loss[i] if i < 40 else own_beta ** -loss[i]) for i, w in enumerate(weights)]
    np.testing.assert_allclose(found.predict_proba(new), total / total.sum(axis=1, keepdims=True), atol=1e-6)
    assert found.trace_[-1]["target_share"] > 0.3


SHIFT = ("--src", "shift/covariate-source", "--tgt", "shift/covariate-target")


def test_a_run_keeps_the_spread_of_its_weights_and_draws_them(wb, tmp_path):
    code, out, err = wb("run", "kliep", *SHIFT, "--json")
    assert code == 0, err
    notes = json.loads(out)["notes"]
    assert 0 < notes["effective_sample_size"] <= 300
    assert sum(notes["weight_histogram"]["counts"]) == 300
    code, out, err = wb("runs", "draw", "last")
    assert code == 0, err


def test_a_classifier_without_weights_is_refused(wb):
    code, _, err = wb("run", "kmm", *SHIFT, "--classifier", "1nn")
    assert code == 2
    assert "takes no weights" in err


def test_tradaboost_says_that_it_needs_shots(wb):
    code, _, err = wb("run", "tradaboost", *SHIFT)
    assert code == 2
    assert "--shots" in err
