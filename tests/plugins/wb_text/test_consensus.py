"""Rare words settled by what the tagger says of them on average."""

import numpy as np
import pytest

from wb_text.tagging import tagger as module
from wb_text.tagging.consensus import FLOOR, settle_words
from wb_text.tagging.features import FeatureSpace
from wb_text.tagging.tagger import Encoder, TaggedText, TaggerModel, Training
from wb_text.tagging.words import Text

LABELLED = [["the", "cat", "sleeps"], ["the", "dog", "runs"], ["a", "cat", "runs"], ["the", "red", "dog", "sleeps"]]
TAGS = [np.array(row) for row in ([0, 1, 2], [0, 1, 2], [0, 1, 2], [0, 3, 1, 2])]
TARGET = [["the", "virus", "sleeps"], ["a", "virus", "dog", "runs"], ["the", "red", "virus"], ["a", "gene", "runs"]]


@pytest.fixture
def model():
    space = FeatureSpace.fit(Text([*LABELLED, *TARGET]))
    data = TaggedText.of(LABELLED, TAGS)
    return TaggerModel.train(Encoder(space), data, ("D", "N", "V", "J"), Training(), 0, lambda *_: None)


def row(model, word):
    return next(values[word] for values in model.encoder.space.values if word in values)


def test_a_word_gets_its_mean_distribution_and_the_less_the_more_often_it_was_seen(model):
    said = [(word, p) for s in TARGET for word, p in zip(s, model.marginals([s]), strict=True)]
    before = model.crf.emission_.copy()
    labelled = TaggedText(LABELLED, np.concatenate(TAGS), np.array([1.0, 1.0, 1.0, 0.5]))
    seen = {"virus": 0, "gene": 0, "the": 2.5, "a": 1, "dog": 1.5, "sleeps": 1.5, "runs": 2, "red": 0.5}
    assert settle_words(model, labelled, TARGET, 2.0) == len(seen)
    for word, count in seen.items():
        logs = np.log(np.mean([p for w, p in said if w == word], axis=0) + FLOOR)
        grown = model.crf.emission_[row(model, word)] - before[row(model, word)]
        np.testing.assert_allclose(grown, 2.0 / (1 + count) * (logs - logs.mean()), atol=1e-4)
    others = np.setdiff1d(np.arange(len(before)), [row(model, word) for word in seen])
    assert np.array_equal(model.crf.emission_[others], before[others])


def test_settled_words_are_tagged_more_alike(model):
    def spread():
        p = np.stack([p[s.index("virus")] for s in TARGET[:3] for p in [model.marginals([s])]])
        return float(p.std(axis=0).max())

    loose = spread()
    settle_words(model, TaggedText.of(LABELLED, TAGS), TARGET, 3.0)
    assert spread() < loose


def test_no_target_text_settles_nothing(model):
    assert settle_words(model, TaggedText.of(LABELLED, TAGS), [], 1.0) == 0


def test_batches_change_nothing(model, monkeypatch):
    tags, sure = model.confidence(TARGET)
    monkeypatch.setattr(module, "BATCH", 1)
    one_by_one, again = model.confidence(TARGET)
    assert all(np.array_equal(a, b) for a, b in zip(tags, one_by_one, strict=True))
    np.testing.assert_allclose(sure, again, rtol=1e-6)


def test_predictions_tell_the_marginals_of_every_token(model, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 3)
    predictions = model.predict(TARGET)
    assert [len(rows) for rows in predictions.probabilities] == [len(sentence) for sentence in TARGET]
    np.testing.assert_allclose(np.concatenate(predictions.probabilities), model.marginals(TARGET))
    assert len(model.predict([]).labels) == 0
