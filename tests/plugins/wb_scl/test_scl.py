"""SCL's parts against slow versions and closed forms, and its gains."""

import json

import numpy as np
import pytest
from scipy import sparse
from sklearn.metrics import mutual_info_score

from wb_scl import pivots, predictors, projection
from workbench import run


def test_a_pivot_is_frequent_in_both_domains():
    found = pivots.frequent({"the": 90, "share": 80, "of": 60}, {"the": 70, "cell": 90, "of": 61}, threshold=60)
    assert [(p.word, p.source_count, p.target_count) for p in found] == [("the", 90, 70)]


def test_the_threshold_is_the_papers_at_full_size_and_falls_with_the_text():
    assert pivots.default_threshold(350_000) == pivots.default_threshold(9_000_000) == 50
    assert pivots.default_threshold(20_000) == 12
    assert pivots.default_threshold(10) == pivots.LEAST_THRESHOLD


def test_mutual_information_equals_scikit_learns():
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 3, 200)
    occurs = (generator.random((200, 5)) < 0.2 + 0.2 * (labels[:, None] == np.arange(5))).astype(float)
    expected = [mutual_info_score(occurs[:, j], labels) for j in range(5)]
    np.testing.assert_allclose(pivots.mutual_information(sparse.csr_matrix(occurs), labels, 3), expected, atol=1e-12)


def slow_predictors(ids, columns, labels, n_features, k, seed):
    """The stochastic gradient of the modified Huber loss, written as the paper has it."""
    weights, bias = np.zeros((n_features, k)), np.full(k, predictors.START)
    for t, i in enumerate(np.random.default_rng([seed, 0]).permutation(len(ids))):
        rate = predictors.RATE / np.sqrt(1 + t / predictors.HORIZON)
        active = [f for f in ids[i, columns] if f >= 0]
        weights *= 1 - rate * predictors.DECAY
        scores = weights[active].sum(axis=0) + bias
        for p in range(k):
            y = 1.0 if labels[i] == p else -1.0
            m = y * scores[p]
            gradient = 0.0 if m >= 1 else (-2 * y * (1 - m) if m > -1 else -4 * y)
            bias[p] -= rate * gradient
            weights[active, p] -= rate * gradient
    return np.maximum(weights, 0)


def test_predictors_equal_the_slow_version_and_do_not_depend_on_threads():
    generator = np.random.default_rng(1)
    ids = generator.integers(-1, 3, size=(80, 4)).astype(np.int32)
    ids[ids >= 0] += (3 * np.arange(4, dtype=np.int32) * np.ones_like(ids))[ids >= 0]
    columns = {-1: np.array([0, 1]), 1: np.array([2, 3])}
    labels = {o: generator.integers(-1, 3, 80).astype(np.int32) for o in columns}
    one, two = (predictors.train_on_tokens(ids, 12, columns, labels, 3, seed=4, threads=n) for n in (1, 2))
    for offset in columns:
        assert np.array_equal(one[offset], two[offset])
        slow = slow_predictors(ids, columns[offset], labels[offset], 12, 3, 4)
        np.testing.assert_allclose(one[offset], slow, atol=1e-4)


def test_ridge_predictors_solve_the_normal_equations():
    generator = np.random.default_rng(2)
    ids = np.stack([generator.permutation(8)[:3] for _ in range(60)]).astype(np.int32)
    labels = {0: generator.integers(-1, 2, 60).astype(np.int32)}
    found = predictors.ridge_on_tokens(ids, 8, {0: np.arange(3)}, labels, 2, strength=1.0)[0]
    x = np.zeros((60, 8))
    x[np.arange(60)[:, None], ids] = 1
    y = np.stack([labels[0] == p for p in range(2)], axis=1).astype(float)
    expected = np.linalg.solve(x.T @ x + np.eye(8), x.T @ y)
    np.testing.assert_allclose(found, np.maximum(expected, 0), atol=1e-4)


def test_the_decomposition_is_the_truncated_svd():
    generator = np.random.default_rng(3)
    blocks = [generator.random((30, 6)).astype(np.float32) for _ in range(2)]
    found = projection.decompose(blocks, 4)
    u, s, vt = np.linalg.svd(np.hstack(blocks), full_matrices=False)
    np.testing.assert_allclose(found.table @ found.right, (u[:, :4] * s[:4]) @ vt[:4], atol=1e-4)
    np.testing.assert_allclose(np.abs(found.table), np.abs(u[:, :4] * np.sqrt(s[:4])), atol=1e-4)


def test_too_many_pivots_asked_for_is_told(wb):
    code, _, err = wb("run", "scl", "--src", "wsj@embedded", "--tgt", "medline@embedded", "--pivots", "5000")
    assert code == 0
    assert "5000 pivots were asked for" in err


def test_no_shared_word_is_one_clear_line(wb, tmp_path):
    path = tmp_path / "one.tagged"
    path.write_text("zzz/NN yyy/VB\n")
    code, _, err = wb("run", "scl", "--src", str(path), "--tgt", "medline@embedded")
    assert code == 1
    assert "no pivots" in err.splitlines()[-1]
    assert "Traceback" not in err


def test_inspection_commands_and_figure(wb, tmp_path):
    wb("run", "scl", "--src", "wsj@embedded", "--tgt", "medline@embedded")
    code, out, _ = wb("scl", "pivots", "last", "--json")
    assert code == 0 and json.loads(out)[0]["target_count"] > 50
    code, out, _ = wb("scl", "neighbours", "last", "signal", "--json")
    found = json.loads(out)["neighbours"]
    assert code == 0 and len(found) == 10
    assert all(-1.01 <= n["similarity"] <= 1.01 for n in found)
    code, _, _ = wb("runs", "draw", "last", "--out", str(tmp_path))
    assert code == 0
    assert (tmp_path / "scl-dimension.png").stat().st_size > 10_000
    code, out, _ = wb("predict", "last", "--text", "The protein binds to DNA.")
    assert code == 0 and out.startswith("The/DT protein/")
    code, out, _ = wb("runs", "show", "last", "--html", str(tmp_path / "run.html"))
    assert code == 0 and "<table>" in (tmp_path / "run.html").read_text()


@pytest.mark.real
@pytest.mark.slow
def test_the_real_editions_reach_their_figures(real_data, monkeypatch, tmp_path):
    monkeypatch.setenv("WB_DATA", str(real_data))
    found = run("scl", "wsj", "medline", out=tmp_path, self_training=True).comparison
    assert found.baseline["accuracy"].value >= 0.855
    assert found.difference["accuracy"].value >= 0.015
    assert found.difference["accuracy"].p < 0.001
    assert found.adapted["accuracy_unknown"].value >= 0.70


@pytest.mark.real
@pytest.mark.slow
def test_classification_runs_on_real_reviews(real_data, monkeypatch, tmp_path):
    monkeypatch.setenv("WB_DATA", str(real_data))
    found = run("scl", "books", "kitchen", out=tmp_path).comparison
    assert found.baseline["accuracy"].value > 0.75
    assert found.adapted["accuracy"].value > 0.75


def test_the_featurizer_gives_the_taggers_projected_features(tmp_path):
    from wb_scl.tagging import SCLTagging
    from wb_text.tagging.methods import source_text
    from workbench import load
    from workbench.progress import Progress
    from workbench.running.opened import open_data
    from workbench.running.specification import Specification

    host = load()
    problem = open_data(Specification("scl", ("wsj@embedded",), "medline@embedded"), host).problem()
    encoder = SCLTagging(SCLTagging.Params(), host).fit(problem, Progress()).encoder
    featurizer = host.featurizers.get("scl").load()()
    featurizer.fit_domains(source_text(problem), problem.target.inputs).save(tmp_path)
    new = [["The", "kinase", "binds", "."], ["It", "fell"]]
    expected = encoder.dense(encoder.ids(new)[0])
    assert expected.shape == (6, encoder.projection.width) and np.abs(expected).max() > 0
    for found in (featurizer, type(featurizer).load(tmp_path)):
        np.testing.assert_array_equal(found.transform(new), expected)
