"""Aspect and opinion words: the readers, the graph, and runs on toy and real reviews."""

import json

import numpy as np
import pytest
from scipy import sparse
from sklearn.metrics import average_precision_score

from wb_relation.aspects.contexts import from_neighbours, incidence, likeness, relation_weights
from wb_relation.aspects.methods import AspectClassifier, RelationalAspects
from wb_relation.aspects.reviews import AnnotatedReviews, ReviewsWithLexicon
from wb_relation.aspects.task import AspectTask, OpinionTask, r_precision
from wb_relation.evaluator import one_hot
from workbench.cli import call
from workbench.data import archives
from workbench.data.domains import Problem
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


def test_a_lexicon_beside_the_reviews_tells_opinion_words(tmp_path):
    reviews, lexicon = tmp_path / "camera.txt", tmp_path / "positive-words.txt"
    reviews.write_text(TEXT * 8)
    lexicon.write_text("; a comment\n\nGreat\nlovely\n")
    given = [archives.plain(reviews), archives.plain(lexicon)]
    labelled = ReviewsWithLexicon().read(given)
    words = dict(zip([c.word for c in labelled.inputs], labelled.labels, strict=True))
    assert words["great"] == "opinion"
    assert words["lens"] == words["short"] == "other"
    assert ReviewsWithLexicon().read(given, labelled=False).labels is None
    with pytest.raises(DataError, match="no lexicon beside it"):
        ReviewsWithLexicon().read(given[:1])
    with pytest.raises(DataError, match="a lexicon without reviews"):
        ReviewsWithLexicon().read(given[1:])


@pytest.mark.parametrize("task", [AspectTask, OpinionTask], ids=lambda t: t.__name__)
def test_toy_words_are_found(task):
    source, target = task().example(0)
    problem = Problem(source.task, (source,), target.unlabelled())
    for method in (AspectClassifier, RelationalAspects):
        p = method().fit(problem, Progress()).predict(target.inputs).probabilities[:, 0]
        assert average_precision_score(np.asarray(target.labels) == 0, p) > 0.9


def test_r_precision_counts_ties_in_part():
    truth = np.array([True, False, True, False])
    p = np.array([0.9, 0.5, 0.5, 0.1])
    assert r_precision(one_hot(p, truth).sum(axis=0, keepdims=True))[0] == pytest.approx((1 + 0.5) / 2)


@pytest.mark.real
def test_opinion_words_of_one_product_are_found_from_another(wb, mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("WB_DATA", str(tmp_path / "data"))
    assert call(["data", "get", "product-opinions/camera", "product-opinions/audio", "--from", str(mirror)]) == 0
    code, out, _ = wb("run", "rap", "--src", "product-opinions/camera", "--tgt", "product-opinions/audio", "--json")
    scores = json.loads(out)
    assert code == 0
    assert scores["baseline"] == "opinion-classifier"
    found = scores["scores"]["baseline"]["average_precision"]["value"]
    assert found > 2 * scores["companions"]["opinion-frequency"]["average_precision"]["value"]


@pytest.mark.real
def test_relations_help_over_the_twenty_pairs(wb, mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("WB_DATA", str(tmp_path / "data"))
    assert call(["data", "get", "product-reviews/camera", "router", "--from", str(mirror)]) == 0
    code, out, _ = wb("bench", "--methods", "rap", "--collection", "product-reviews", "--json")
    cells = json.loads(out)["cells"]
    assert code == 0 and len(cells) == 20
    gains = [cell["difference"]["average_precision"]["value"] for cell in cells]
    assert sum(gain > 0 for gain in gains) >= 17
