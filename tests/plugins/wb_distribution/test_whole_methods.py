"""Whole methods, round by round, against slow ones: whole matrices filled entry by entry, nearest by loops."""

import numpy as np
import pytest
from scipy.linalg import eigh
from sklearn.ensemble import RandomForestClassifier
from sklearn.svm import SVC

from wb_distribution.bda import BalancedDistributionAdaptation
from wb_distribution.jda import JointDistributionAdaptation
from wb_distribution.manifold import laplacian
from wb_distribution.meda import GAMMA, ManifoldAlignedClassifier
from wb_distribution.stl import TREES, StratifiedTransfer
from wb_distribution.tca import TransferComponentAnalysis
from wb_distribution.tjm import TransferJointMatching

COMPONENTS, STRENGTH = 3, 0.5


def domains(n=36, m=30, d=7, seed=0, shift=0.7):
    generator = np.random.default_rng(seed)
    labels, other = np.arange(n) % 3, np.arange(m) % 3
    source = generator.normal(size=(n, d)) + 1.6 * np.eye(3, d)[labels]
    return source, labels, generator.normal(size=(m, d)) + 1.6 * np.eye(3, d)[other] + shift


def unit(rows):
    return np.array([row / np.sqrt(sum(value**2 for value in row)) for row in rows])


def nearest(source, labels, target):
    """The class of the nearest source row, by loops."""
    found = []
    for z in target:
        distances = [sum((z - x) ** 2) for x in source]
        found.append(labels[distances.index(min(distances))])
    return np.array(found)


def mean_term(n, m, here, there):
    """(e eᵀ)_ij with e = 1/|here| on the source rows of ``here``, −1/|there| on the target rows of ``there``."""
    e = np.zeros(n + m)
    for i in range(n):
        e[i] = 1 / max(sum(here), 1) if here[i] else 0.0
    for j in range(m):
        e[n + j] = -1 / max(sum(there), 1) if there[j] else 0.0
    matrix = np.zeros((n + m, n + m))
    for i in range(n + m):
        for j in range(n + m):
            matrix[i, j] = e[i] * e[j]
    return matrix


def mmd(labels, pseudo, marginal, conditional, target_weights=None):
    """marginal · C · M₀ + conditional · Σ M_c, of Frobenius norm 1; without pseudo labels M₀ alone."""
    n, m, classes = len(labels), len(pseudo), np.unique(labels)
    matrix = marginal * len(classes) * mean_term(n, m, np.ones(n), np.ones(m))
    for number, c in enumerate(classes):
        term = mean_term(n, m, labels == c, pseudo == c)
        share = np.ones(n + m)
        if target_weights is not None:
            share[n:] = target_weights[number]
        matrix += conditional * term * np.outer(share, share)
    return matrix / np.linalg.norm(matrix)


def directions(both, matrix):
    """(d, k): the generalised eigenproblem of the linear kernel, solved in the coordinates U of both = U S Vᵀ."""
    n = len(both)
    left, stretch, right = np.linalg.svd(both, full_matrices=False)
    t = left * stretch**2
    centring = np.eye(n) - np.ones((n, n)) / n
    _, found = eigh(t.T @ centring @ t, t.T @ matrix @ t + STRENGTH * np.eye(len(stretch)))
    found = found[:, ::-1][:, :COMPONENTS]
    return right.T * stretch @ (found / np.linalg.norm(found, axis=0))


def embed(source, target, matrix):
    """Both domains' rows of length 1, moved, and of length 1 again."""
    both = unit(np.vstack([source, target]))
    embedded = unit(both @ directions(both, matrix))
    return embedded[: len(source)], embedded[len(source) :]


def same_up_to_sign(first, second, tolerance=1e-6):
    signs = np.sign(np.sum(first * second, axis=0))
    np.testing.assert_allclose(first, second * signs, atol=tolerance)


def adapt_in_rounds(source, labels, target, rounds, term):
    """JDA's loop: ``term(pseudo)`` gives M."""
    pseudo = None
    for _ in range(rounds):
        here, there = embed(source, target, term(pseudo))
        pseudo = nearest(here, labels, there)
    return here, there, pseudo


def marginal_alone(n, m):
    matrix = mean_term(n, m, np.ones(n), np.ones(m))
    return matrix / np.linalg.norm(matrix)


@pytest.mark.parametrize("seed", range(3))
def test_tca(seed):
    source, _, target = domains(seed=seed)
    here, there = embed(source, target, marginal_alone(len(source), len(target)))
    analysis = TransferComponentAnalysis(COMPONENTS, STRENGTH)
    found = analysis.fit_transform(source, target=target), analysis.transform(target)
    same_up_to_sign(np.vstack(found), np.vstack([here, there]))


@pytest.mark.parametrize("seed", range(3))
def test_jda(seed):
    source, labels, target = domains(seed=seed)

    def term(pseudo):
        return marginal_alone(36, 30) if pseudo is None else mmd(labels, pseudo, 1, 1)

    here, there, pseudo = adapt_in_rounds(source, labels, target, 4, term)
    found = JointDistributionAdaptation(COMPONENTS, STRENGTH, iterations=4).fit(source, labels, target)
    np.testing.assert_array_equal(found.pseudo_labels_, pseudo)
    same_up_to_sign(np.vstack([found.source_, found.transform(target)]), np.vstack([here, there]))


@pytest.mark.parametrize(("mu", "weighted"), [(0.3, False), (0.8, False), (1.0, True), (0.6, True)])
def test_bda(mu, weighted):
    source, labels, target = domains(m=28)

    def term(pseudo):
        if pseudo is None:
            return marginal_alone(36, 28)
        shares = None
        if weighted:
            shares = [(sum(pseudo == c) / len(pseudo)) / (sum(labels == c) / len(labels)) for c in np.unique(labels)]
        return mmd(labels, pseudo, 1 - mu, mu, shares)

    here, there, pseudo = adapt_in_rounds(source, labels, target, 4, term)
    found = BalancedDistributionAdaptation(COMPONENTS, STRENGTH, iterations=4, mu=mu, weighted=weighted)
    found.fit(source, labels, target)
    np.testing.assert_array_equal(found.pseudo_labels_, pseudo)
    same_up_to_sign(np.vstack([found.source_, found.transform(target)]), np.vstack([here, there]))


class Centroids:
    """The nearest class mean."""

    def fit(self, features, labels):
        self.means = np.array([features[labels == c].mean(axis=0) for c in np.unique(labels)])
        return self

    def predict(self, features):
        return np.array([np.argmin([sum((x - mean) ** 2) for mean in self.means]) for x in features])


def votes(source, labels, target, forest):
    third = RandomForestClassifier(TREES, random_state=0) if forest else Centroids()
    said = [
        nearest(source, labels, target),
        SVC(kernel="linear").fit(source, labels).predict(target),
        third.fit(source, labels).predict(target),
    ]
    found = []
    for column in zip(*said, strict=True):
        counts = {c: column.count(c) for c in column}
        winner = max(counts, key=lambda c: counts[c])
        found.append(winner if counts[winner] >= 2 else -1)
    return np.array(found)


@pytest.mark.parametrize(("rounds", "forest"), [(1, True), (3, False)])
def test_stl(rounds, forest):
    """A forest's ties depend on the free signs of an embedding: in the further rounds class means vote in its place."""
    source, labels, target = domains(shift=1.2)
    here, there, pseudo = source, target, None
    for _ in range(rounds):
        pseudo = votes(here, labels, there, forest)
        chosen = np.flatnonzero(pseudo != -1)
        matrix = mmd(labels, pseudo[chosen], 0, 1)
        here, _ = embed(source, target[chosen], matrix)
        there = unit(unit(target) @ directions(unit(np.vstack([source, target[chosen]])), matrix))
    found = StratifiedTransfer(COMPONENTS, STRENGTH, iterations=rounds)
    if not forest:
        own = found._voters()
        found._voters = lambda: [*own[:2], Centroids()]
    found.fit(source, labels, target)
    np.testing.assert_array_equal(found.pseudo_labels_, pseudo)
    same_up_to_sign(np.vstack([found.source_, found.transform(target)]), np.vstack([here, there]))
    assert len(found.trace_) == rounds
    assert found.trace_[-1]["candidates"] == len(chosen)
    last = np.vstack([here, there[chosen]])
    own = sum(
        np.sum((here[labels == c].mean(axis=0) - last[len(here) :][pseudo[chosen] == c].mean(axis=0)) ** 2)
        for c in np.unique(pseudo[chosen])
    )
    assert found.trace_[-1]["conditional"] == pytest.approx(own, rel=1e-6)
    apart = here.mean(axis=0) - there[chosen].mean(axis=0)
    assert found.trace_[-1]["marginal"] == pytest.approx(np.sum(apart**2), rel=1e-6)


def test_tjm():
    source, _, target = domains()
    n, m = len(source), len(target)
    both = unit(np.vstack([source, target]))
    kernel = np.array([[sum(x * z) for z in both] for x in both])
    centring = np.eye(n + m) - np.ones((n + m, n + m)) / (n + m)
    matrix = marginal_alone(n, m)
    penalty = np.eye(n + m)
    trace = []
    for _ in range(5):
        _, found = eigh(kernel @ centring @ kernel, kernel @ matrix @ kernel + STRENGTH * penalty)
        weights = found[:, ::-1][:, :COMPONENTS]
        embedded = kernel @ weights
        trace.append(np.trace(embedded.T @ matrix @ embedded))
        for i in range(n):
            penalty[i, i] = 1 / (2 * np.sqrt(sum(weights[i] ** 2)))
    matching = TransferJointMatching(COMPONENTS, STRENGTH, iterations=5).fit(source, target=target)
    same_up_to_sign(np.vstack([matching.source_, matching.transform(target)]), unit(embedded))
    np.testing.assert_allclose(matching.relevance_, np.linalg.norm(weights[:n], axis=1), rtol=1e-6)
    np.testing.assert_allclose([step["marginal"] for step in matching.trace_], trace, rtol=1e-6)


@pytest.mark.parametrize("mu", [0.0, 0.3, 1.0])
def test_meda(mu):
    source, labels, target = domains()
    n, m = len(source), len(target)
    x = unit(np.vstack([source, target]))
    kernel = np.array([[np.exp(-GAMMA * sum((a - b) ** 2)) for b in x] for a in x])
    indicator = np.diag([1.0] * n + [0.0] * m)
    gold = np.vstack([np.eye(3)[labels], np.zeros((m, 3))])
    pseudo = nearest(x[:n], labels, x[n:])
    for _ in range(4):
        matrix = mmd(labels, pseudo, 1 - mu, mu)
        system = (indicator + 10 * matrix + laplacian(x, 4).toarray()) @ kernel + 0.1 * np.eye(n + m)
        decided = kernel @ np.linalg.solve(system, indicator @ gold)
        pseudo = decided[n:].argmax(axis=1)
    model = ManifoldAlignedClassifier(iterations=4, mu=mu, neighbours=4).fit(source, labels, target)
    np.testing.assert_array_equal(model.predict(target), pseudo)
    step = model.trace_[-1]
    apart = decided[:n].mean(axis=0) - decided[n:].mean(axis=0)
    assert step["marginal"] == pytest.approx(np.sum(apart**2), rel=1e-4, abs=1e-10)
    own = [decided[:n][labels == c].mean(axis=0) - decided[n:][pseudo == c].mean(axis=0) for c in range(3)]
    assert step["conditional"] == pytest.approx(np.sum(np.square(own)), rel=1e-4)


def test_a_target_without_any_majority_is_one_line():
    from workbench.errors import UsageError

    transfer = StratifiedTransfer(2)
    transfer._voters = lambda: [Fixed(0), Fixed(1), Fixed(2)]
    with pytest.raises(UsageError, match="no target example has a majority"):
        transfer.fit(*domains())


class Fixed:
    def __init__(self, label):
        self.label = label

    def fit(self, features, labels):
        return self

    def predict(self, features):
        return np.full(len(features), self.label)


def test_without_a_shift_the_components_are_the_principal_ones():
    source, _, _ = domains(n=60)
    centred = source - source.mean(axis=0)
    principal = centred @ np.linalg.svd(centred)[2][:2].T
    analysis = TransferComponentAnalysis(2, 1.0, "primal", unit_rows=False)
    here, there = analysis.fit_transform(source, target=source), analysis.transform(source)
    same_up_to_sign(here - here.mean(axis=0), principal)
    np.testing.assert_allclose(here, there)


def test_without_a_shift_joint_matching_has_nothing_to_match():
    source, _, _ = domains()
    matching = TransferJointMatching(COMPONENTS).fit(source, target=source)
    assert max(step["marginal"] for step in matching.trace_) < 1e-20
    np.testing.assert_allclose(matching.source_, matching.transform(source), atol=1e-12)


@pytest.mark.parametrize("estimator", [StratifiedTransfer(COMPONENTS), ManifoldAlignedClassifier()])
def test_without_a_shift_the_pseudo_labels_are_the_labels(estimator):
    source, labels, _ = domains(n=60)
    source = source + 2 * np.eye(3, 7)[labels]
    fitted = estimator.fit(source, labels, source)
    said = fitted.predict(source) if hasattr(fitted, "predict") else fitted.pseudo_labels_
    np.testing.assert_array_equal(said, labels)
    assert fitted.trace_[-1]["marginal"] < 1e-3


@pytest.mark.parametrize(("method", "rounds"), [("stl", "3"), ("stl", "1"), ("meda", "3"), ("jda", "3")])
def test_the_trace_is_recorded_and_drawn(wb, method, rounds):
    import json
    from pathlib import Path

    arguments = ("--src", "shift/conditional-source?n=60", "--tgt", "shift/conditional-target?n=60")
    code, out, err = wb("run", method, *arguments, "--iterations", rounds, "--json")
    assert code == 0, err
    found = json.loads(out)
    trace = found["notes"]["trace"]
    assert 1 <= len(trace) <= int(rounds)
    assert {"marginal", "conditional", "changed"} <= set(trace[0])
    assert wb("runs", "draw", "last")[0] == 0
    picture = Path(found["record"]) / "figures" / "adaptation-trace.png"
    assert picture.read_bytes().startswith(b"\x89PNG")


THREADS = """
import json, sys, numpy as np
from workbench.data.domains import Domain, Problem
from workbench.methods.variants import make
from workbench.plugins.loading import load
from workbench.progress import Progress

draw, host = np.random.default_rng(0), load()
labels = np.arange(300) % 3
source, target = (draw.normal(size=(300, 260)) + 2 * np.eye(3, 260)[labels] + shift for shift in (0, 0.4))
of = Problem("classification", (Domain("s", "classification", source, labels),), Domain("t", "classification", target))
notes = {}
for name in ("jda", "bda", "tjm", "meda"):
    method = make(host.methods.get(name, "classification"), {"iterations": 3, "scaling": "none"}, host)
    notes[name] = method.fit(of, Progress()).notes
print(json.dumps(notes))
"""


def test_the_notes_are_the_same_with_one_thread_and_with_two():
    import os
    import subprocess
    import sys

    def notes(threads):
        limits = {f"{library}_NUM_THREADS": threads for library in ("OMP", "OPENBLAS", "MKL")}
        done = subprocess.run(
            [sys.executable, "-c", THREADS], env={**os.environ, **limits}, capture_output=True, text=True, check=True
        )
        return done.stdout

    one = notes("1")
    assert one == notes("2")
    assert '"marginal"' in one
