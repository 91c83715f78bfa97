"""Aspect words: the reader, the graph, and runs on toy and real reviews."""

import json

import numpy as np
import pytest
from scipy import sparse
from sklearn.metrics import average_precision_score

from wb_relation.aspects.contexts import from_neighbours, incidence, likeness, relation_weights
from wb_relation.aspects.methods import AspectClassifier, RelationalAspects
from wb_relation.aspects.reviews import AnnotatedReviews
from wb_relation.aspects.task import AspectTask, r_precision
from wb_relation.evaluator import one_hot
from workbench import archives
from workbench.cli import call
from workbench.domains import Problem
from workbench.errors import DataError
from workbench.progress import Progress

TEXT = "[t]a title\nlens[+2], zoom range[-1]##the lens is great but the zoom is short .\n##i bought it .\n"


def test_the_reader_keeps_annotations_apart(tmp_path):
    path = tmp_path / "camera.txt"
    path.write_text(TEXT * 8)
    reader = AnnotatedReviews()
    labelled = reader.read([archives.plain(path)])
    words = dict(zip([c.word for c in labelled.inputs], labelled.labels, strict=True))
    assert words["lens"] == words["zoom"] == "aspect"
    assert words["bought"] == words["short"] == "other"
    assert "range" not in words and "title" not in words
    assert reader.read([archives.plain(path)], labelled=False).labels is None


@pytest.mark.parametrize(
    ("text", "message"), [("no marks here\n", "no sentence; lines look like"), (TEXT, "no word occurs 8 times")]
)
def test_bad_files_are_named(tmp_path, text, message):
    path = tmp_path / "camera.txt"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        AnnotatedReviews().read([archives.plain(path)])


def test_neighbours_are_left_one_out():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(12, 4))
    alike, scores = x @ x.T, generator.random(12)
    told = from_neighbours(scores, alike, 2.0)
    centred = scores - scores.mean()
    for i in range(12):
        rest = np.delete(np.arange(12), i)
        weights = np.linalg.solve(alike[np.ix_(rest, rest)] + 2.0 * np.eye(11), centred[rest])
        assert told[i] == pytest.approx(alike[i, rest] @ weights)


def test_likeness_is_a_weighted_mean_of_cosines():
    reviews = AspectTask().example(0)[0].inputs[0].reviews
    weights = np.array([1.0, 0, 0, 0, 3.0])
    graphs = list(incidence(reviews).values())

    def cosine(graph):
        dense = sparse.csr_matrix(graph).toarray()
        return dense @ dense.T / np.maximum(np.outer(*[np.linalg.norm(dense, axis=1)] * 2), 1e-12)

    np.testing.assert_allclose(likeness(reviews, weights), (cosine(graphs[0]) + 3 * cosine(graphs[4])) / 4, atol=1e-9)


def test_relations_that_tell_aspects_weigh_more():
    source = AspectTask().example(0)[0]
    aspect = (np.asarray(source.labels) == 0).astype(float)
    weights = relation_weights(source.inputs[0].reviews, aspect)
    nonsense = relation_weights(source.inputs[0].reviews, np.random.default_rng(0).permutation(aspect))
    assert weights.mean() > 0.5 > nonsense.mean()


def test_toy_aspects_are_found():
    source, target = AspectTask().example(0)
    problem = Problem("aspects", (source,), target.unlabelled())
    for method in (AspectClassifier, RelationalAspects):
        p = method().fit(problem, Progress()).predict(target.inputs).probabilities[:, 0]
        assert average_precision_score(np.asarray(target.labels) == 0, p) > 0.9


def test_r_precision_counts_ties_in_part():
    truth = np.array([True, False, True, False])
    p = np.array([0.9, 0.5, 0.5, 0.1])
    assert r_precision(one_hot(p, truth).sum(axis=0, keepdims=True))[0] == pytest.approx((1 + 0.5) / 2)


@pytest.mark.real
def test_relations_help_over_the_twenty_pairs(wb, mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("WB_DATA", str(tmp_path / "data"))
    assert call(["data", "get", "product-reviews/camera", "router", "--from", str(mirror)]) == 0
    code, out, _ = wb("bench", "--methods", "rap", "--collection", "product-reviews", "--json")
    cells = json.loads(out)["cells"]
    assert code == 0 and len(cells) == 20
    gains = [cell["difference"]["average_precision"]["value"] for cell in cells]
    assert sum(gain > 0 for gain in gains) >= 17
