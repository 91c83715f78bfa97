"""MEDA against the formula with whole matrices; landmarks; prediction of new examples."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.preprocessing import normalize

from wb_distribution.manifold import laplacian
from wb_distribution.meda import GAMMA, ManifoldAlignedClassifier


def domains(n=60, m=50, d=6, seed=0):
    generator = np.random.default_rng(seed)
    own, other = np.arange(n) % 3, np.arange(m) % 3
    return (
        generator.normal(size=(n, d)) + 3 * np.eye(3, d)[own],
        own,
        generator.normal(size=(m, d)) + 3 * np.eye(3, d)[other] + 0.4,
        other,
    )


def naive_laplacian(x, p):
    n = len(x)
    w = np.zeros((n, n))
    for i in range(n):
        nearest = np.argsort([np.sum((x[i] - x[j]) ** 2) if j != i else np.inf for j in range(n)])[:p]
        for j in nearest:
            w[i, j] = w[j, i] = max(0, x[i] @ x[j])
    d = w.sum(axis=1)
    return np.eye(n) - w / np.sqrt(np.outer(d, d))


def test_the_laplacian_is_that_of_plain_loops():
    x = normalize(np.random.default_rng(0).normal(size=(20, 4)))
    np.testing.assert_allclose(laplacian(x, 3).toarray(), naive_laplacian(x, 3), atol=1e-12)


class Cycling(ClassifierMixin, BaseEstimator):
    """Class 0, 1, 2, 0 … by the number of the row."""

    def fit(self, features, labels):
        return self

    def predict(self, features):
        return np.arange(len(features)) % 3


def test_one_round_solves_the_papers_system():
    source, labels, target, _ = domains()
    pseudo = np.arange(len(target)) % 3
    model = ManifoldAlignedClassifier(iterations=1, mu=0.3, neighbours=4, classifier=Cycling())
    model.fit(source, labels, target)
    x = normalize(np.vstack([source, target]))
    n, m = len(source), len(target)
    kernel = np.array([[np.exp(-GAMMA * np.sum((a - b) ** 2)) for b in x] for a in x])
    whole = np.concatenate([np.full(n, 1 / n), np.full(m, -1 / m)])
    mmd = 0.7 * 3 * np.outer(whole, whole)
    for c in range(3):
        e = np.concatenate([(labels == c) / np.sum(labels == c), -1.0 * (pseudo == c) / np.sum(pseudo == c)])
        mmd += 0.3 * np.outer(e, e)
    mmd /= np.linalg.norm(mmd)
    indicator = np.diag([1.0] * n + [0.0] * m)
    gold = np.vstack([np.eye(3)[labels], np.zeros((m, 3))])
    system = (indicator + 10 * mmd + naive_laplacian(x, 4)) @ kernel + 0.1 * np.eye(n + m)
    np.testing.assert_allclose(model.weights_, np.linalg.solve(system, indicator @ gold), atol=1e-6)


def test_landmarks_that_are_all_examples_but_one_predict_alike():
    source, labels, target, _ = domains()
    whole = ManifoldAlignedClassifier().fit(source, labels, target).predict(target)
    near = ManifoldAlignedClassifier(landmarks=109).fit(source, labels, target).predict(target)
    assert np.mean(whole == near) > 0.95


def test_new_target_examples_are_classified():
    source, labels, target, _ = domains()
    new, truth = domains(seed=1)[2:]
    assert np.mean(ManifoldAlignedClassifier().fit(source, labels, target).predict(new) == truth) > 0.85


def test_probabilities_are_the_decision_values_and_lead_to_the_same_classes():
    source, labels, target, _ = domains()
    model = ManifoldAlignedClassifier().fit(source, labels, target)
    found = model.predict_proba(target)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert np.all(found >= 0)
    np.testing.assert_array_equal(model.classes_[found.argmax(axis=1)], model.predict(target))


def test_a_saved_run_on_roots_of_shares_predicts_alike(wb, tmp_path):
    draw = np.random.default_rng(0)
    for name, shift in (("one", 0), ("two", 1)):
        labels = np.arange(45) % 3
        np.savez(tmp_path / f"{name}.npz", x=draw.poisson(2 + shift + 9 * np.eye(3, 8)[labels]), y=labels)
    pair = ("--src", str(tmp_path / "one.npz"), "--tgt", str(tmp_path / "two.npz"))
    arguments = ("--scaling", "hellinger", "--dimensions", "2", "--neighbours", "5")
    code, out, err = wb("run", "meda", *pair, *arguments, "--json")
    assert code == 0, err
    code, out, err = wb("predict", "last", "--file", str(tmp_path / "two.npz"))
    assert code == 0, err
    assert len(out.strip().splitlines()) == 46
