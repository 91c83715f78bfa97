"""Transfer components against whole matrices and plain loops, and what must not change them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.linalg import eigh
from sklearn.preprocessing import normalize

from wb_distribution import contrasts
from wb_distribution.bda import BalancedDistributionAdaptation
from wb_distribution.components import TransferComponents
from wb_distribution.jda import JointDistributionAdaptation
from wb_distribution.spectrum import penalised_directions
from wb_distribution.stl import majority
from wb_distribution.tca import TransferComponentAnalysis
from wb_distribution.tjm import TransferJointMatching


def domains(n=30, m=24, d=9, seed=0):
    generator = np.random.default_rng(seed)
    labels = np.arange(n) % 3
    source = generator.normal(size=(n, d)) + 2 * np.eye(3, d)[labels]
    target = generator.normal(size=(m, d)) + 2 * np.eye(3, d)[np.arange(m) % 3] + 0.7
    return source, labels, target


def mmd_matrix(n, m, labels=None, pseudo=None):
    """M as the papers write it, entry by entry."""
    whole = np.zeros((n + m, n + m))
    side = np.array([1 / n] * n + [-1 / m] * m)
    classes = [] if labels is None else np.unique(labels)
    factor = max(len(classes), 1)
    for i in range(n + m):
        for j in range(n + m):
            whole[i, j] = factor * side[i] * side[j]
            for c in classes:
                own = [(labels == c), (pseudo == c)]
                value = 1.0
                for k in (i, j):
                    inside = own[0][k] if k < n else own[1][k - n]
                    count = own[0].sum() if k < n else own[1].sum()
                    value *= (1 if k < n else -1) * inside / max(count, 1)
                whole[i, j] += value
    return whole / np.linalg.norm(whole)


def naive(features, matrix, power, regularisation, k):
    """The generalised eigenproblem of whole matrices; columns of unit length in the coordinates U."""
    n = len(features)
    centring = np.eye(n) - np.ones((n, n)) / n
    left, stretch, _ = np.linalg.svd(features, full_matrices=False)
    t = left * stretch**power
    a = t.T @ matrix @ t + regularisation * np.eye(len(stretch))
    _, found = eigh(t.T @ centring @ t, a)
    found = found[:, ::-1][:, :k]
    return t @ (found / np.linalg.norm(found, axis=0))


def embedded_by(analysis, source, target):
    """Both domains in the space that the analysis finds."""
    return analysis.fit_transform(source, target=target), analysis.transform(target)


def same_up_to_sign(first, second, tolerance=1e-6):
    signs = np.sign(np.sum(first * second, axis=0))
    np.testing.assert_allclose(first, second * signs, atol=tolerance)


@pytest.mark.parametrize(
    ("d", "kernel", "power"), [(9, "linear", 2), (9, "primal", 1), (70, "linear", 2), (70, "primal", 1)]
)
def test_components_equal_those_of_whole_matrices(d, kernel, power):
    source, labels, target = domains(d=d)
    pseudo = np.arange(len(target)) % 3
    components = TransferComponents(4, 0.5, kernel, unit_rows=False).prepare(source, target)
    columns = np.hstack(
        [
            np.sqrt(3) * contrasts.marginal(len(source), len(target)),
            contrasts.conditional(labels, pseudo, np.unique(labels)),
        ]
    )
    found = np.vstack(components.embed(contrasts.normalised(columns)))
    matrix = mmd_matrix(len(source), len(target), labels, pseudo)
    same_up_to_sign(found, naive(np.vstack([source, target]), matrix, power, 0.5, 4))


def test_rbf_components_equal_those_of_the_whole_kernel():
    source, _, target = domains()
    both = np.vstack([source, target])
    kernel = np.array([[np.exp(-0.2 * np.sum((x - z) ** 2)) for z in both] for x in both])
    values, vectors = np.linalg.eigh(kernel)
    factor = vectors * np.sqrt(np.maximum(values, 0))
    analysis = TransferComponentAnalysis(3, 0.5, "rbf", 0.2, unit_rows=False)
    found = np.vstack(embedded_by(analysis, source, target))
    same_up_to_sign(found, naive(factor, mmd_matrix(len(source), len(target)), 2, 0.5, 3))


def test_as_many_landmarks_as_examples_are_the_whole_kernel():
    source, _, target = domains()
    whole = embedded_by(TransferComponentAnalysis(3, 1.0, "rbf", 0.2), source, target)
    almost = embedded_by(TransferComponentAnalysis(3, 1.0, "rbf", 0.2, landmarks=53), source, target)
    kept = np.abs(np.sum(normalize(whole[0], axis=0) * normalize(almost[0], axis=0), axis=0))
    assert kept[0] > 0.99


def test_lanczos_and_whole_problems_agree():
    generator = np.random.default_rng(1)
    source, target = generator.normal(size=(500, 450)), generator.normal(size=(500, 450)) + 0.1
    found = np.vstack(embedded_by(TransferComponentAnalysis(5, 1.0, unit_rows=False), source, target))
    same_up_to_sign(found, naive(np.vstack([source, target]), mmd_factored(500), 2, 1.0, 5), 1e-5)


def mmd_factored(n):
    e = np.concatenate([np.full(n, 1 / n), np.full(n, -1 / n)])
    return np.outer(e, e) / np.linalg.norm(np.outer(e, e))


def test_sparse_and_dense_features_embed_alike():
    source, _, target = domains(d=200)
    source, target = np.maximum(source, 0), np.maximum(target, 0)
    dense = embedded_by(TransferComponentAnalysis(3), source, target)
    thin = embedded_by(TransferComponentAnalysis(3), sparse.csr_matrix(source), sparse.csr_matrix(target))
    same_up_to_sign(dense[1], thin[1])


@pytest.mark.parametrize("settings_", [{}, {"kernel": "primal"}, {"kernel": "rbf"}, {"kernel": "rbf", "landmarks": 20}])
def test_the_target_transforms_as_it_was_embedded(settings_):
    source, labels, target = domains()
    analysis = TransferComponentAnalysis(3, **settings_)
    _, embedded = analysis.prepare(source, target).embed(
        contrasts.normalised(contrasts.marginal(len(source), len(target)))
    )
    analysis.fit(source, target=target)
    np.testing.assert_allclose(analysis.transform(target), embedded, atol=1e-9)
    joint = JointDistributionAdaptation(3, **settings_).fit(source, labels, target)
    np.testing.assert_allclose(joint.transform(source), joint.source_, atol=1e-9)


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_examples_does_not_matter(seed):
    source, labels, target = domains()
    generator = np.random.default_rng(seed)
    rows, others = generator.permutation(len(source)), generator.permutation(len(target))
    plain = JointDistributionAdaptation(3).fit(source, labels, target)
    moved = JointDistributionAdaptation(3).fit(source[rows], labels[rows], target[others])
    np.testing.assert_allclose(np.abs(moved.transform(target)), np.abs(plain.transform(target)), atol=1e-6)
    np.testing.assert_array_equal(plain.pseudo_labels_[others], moved.pseudo_labels_)


def test_without_a_shift_the_means_coincide_already():
    source, labels, _ = domains()
    joint = JointDistributionAdaptation(3).fit(source, labels, source)
    np.testing.assert_array_equal(joint.pseudo_labels_, labels)
    assert joint.trace_[-1]["marginal"] < 1e-20


def test_the_conditional_term_brings_each_class_together():
    source, labels, target = domains(n=90, m=90)
    classes = np.unique(labels)
    components = TransferComponents(3, 0.1, "primal").prepare(source, target)
    own = contrasts.conditional(labels, labels, classes)
    without = np.vstack(components.embed(contrasts.normalised(contrasts.marginal(90, 90))))
    with_it = np.vstack(components.embed(contrasts.normalised(own)))
    assert contrasts.discrepancy(own, with_it) < contrasts.discrepancy(own, without)


def test_rounds_end_when_no_pseudo_label_changes():
    source, labels, _ = domains(n=90)
    target = source + 0.1
    joint = JointDistributionAdaptation(3, iterations=50).fit(source, labels, target)
    assert joint.trace_[-1]["changed"] == 0
    assert len(joint.trace_) < 50
    assert all(step["changed"] for step in joint.trace_[:-1])


def test_a_balance_of_one_half_is_jda_after_the_first_round():
    source, labels, target = domains(n=90, m=90)
    joint = JointDistributionAdaptation(3).fit(source, labels, target)
    balanced = BalancedDistributionAdaptation(3, mu=0.5).fit(source, labels, target)
    np.testing.assert_allclose(joint.source_, balanced.source_, atol=1e-8)


def test_the_estimated_balance_leans_to_the_classes_when_only_they_moved():
    generator = np.random.default_rng(0)
    labels = np.repeat([0, 1], 100)
    source = generator.normal(size=(200, 5)) + np.outer(labels, [2, 0, 0, 0, 0])
    target = (
        generator.normal(size=(200, 5)) + np.outer(labels, [2, 0, 0, 0, 0]) + np.outer(2 * labels - 1, [0, 3, 0, 0, 0])
    )
    balanced = BalancedDistributionAdaptation(3).fit(source, labels, target)
    assert all(0.5 < mu <= 1 for mu in balanced.balance_)


def test_penalised_directions_equal_those_of_whole_matrices():
    source, _, target = domains(d=6)
    both = np.vstack([source, target])
    generator = np.random.default_rng(0)
    penalties = generator.uniform(0.5, 3, size=len(both))
    columns = contrasts.normalised(contrasts.marginal(len(source), len(target)))
    weights, lengths = penalised_directions(both, columns, 0.7, 3, penalties)
    kernel = both @ both.T
    centring = np.eye(len(both)) - 1 / len(both)
    left = kernel @ columns @ columns.T @ kernel + 0.7 * np.diag(penalties)
    _, found = eigh(kernel @ centring @ kernel, left)
    found = found[:, ::-1][:, :3]
    same_up_to_sign(both @ weights, kernel @ found)
    np.testing.assert_allclose(lengths, np.linalg.norm(found, axis=1), atol=1e-6)


def test_joint_matching_forgets_source_examples_that_fit_nothing():
    source, _, target = domains(n=60, m=60)
    source[:6] += 12 * np.eye(9)[8]
    matching = TransferJointMatching(3, unit_rows=False).fit(source, target=target)
    assert np.median(matching.relevance_[:6]) != pytest.approx(np.median(matching.relevance_[6:]), rel=0.05)


def test_a_majority_needs_more_than_half_of_the_votes():
    votes = [np.array([0, 1, 2, 0]), np.array([0, 1, 1, 2]), np.array([0, 2, 0, 1])]
    np.testing.assert_array_equal(majority(votes), [0, 1, -1, -1])
