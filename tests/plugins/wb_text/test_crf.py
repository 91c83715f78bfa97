"""The CRF against brute force, and the tagger's features against a slow version."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wb_text.tagging import crf_loops
from wb_text.tagging.crf import LinearChainCRF
from wb_text.tagging.features import TEMPLATES, FeatureSpace, featurise
from wb_text.tagging.words import ATTRIBUTES, Text, attributes_of, shape_of

K, F, D = 3, 7, 2


def random_crf(seed: int) -> tuple[LinearChainCRF, np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    crf = LinearChainCRF()
    crf.emission_ = generator.normal(size=(F, K)).astype(np.float32)
    crf.projection_ = generator.normal(size=(D, K)).astype(np.float32)
    crf.transition_ = generator.normal(size=(K + 1, K)).astype(np.float32)
    ids = generator.integers(-1, F, size=(7, 3)).astype(np.int32)
    return crf, ids, generator.normal(size=(7, D)).astype(np.float32), np.array([0, 3, 3, 7])


def slow_score(crf, ids, dense, tags) -> float:
    total = crf.transition_[K, tags[0]]
    for i, y in enumerate(tags):
        total += sum(crf.emission_[f, y] for f in ids[i] if f >= 0) + dense[i] @ crf.projection_[:, y]
        total += crf.transition_[tags[i - 1], y] if i else 0.0
    return float(total)


@given(st.integers(0, 200))
@settings(max_examples=25, deadline=None)
def test_viterbi_and_marginals_equal_enumeration(seed):
    crf, ids, dense, offsets = random_crf(seed)
    best, marginals = crf.predict(ids, offsets, dense), crf.marginals(ids, offsets, dense)
    for a, b in ((0, 3), (3, 7)):
        paths = list(itertools.product(range(K), repeat=b - a))
        scores = np.array([slow_score(crf, ids[a:b], dense[a:b], path) for path in paths])
        assert slow_score(crf, ids[a:b], dense[a:b], best[a:b]) == pytest.approx(scores.max(), abs=1e-4)
        p = np.exp(scores - scores.max())
        p /= p.sum()
        expected = np.zeros((b - a, K))
        for path, weight in zip(paths, p, strict=True):
            expected[np.arange(b - a), path] += weight
        np.testing.assert_allclose(marginals[a:b], expected, atol=1e-4)


def test_the_log_partition_equals_enumeration():
    crf, ids, dense, _ = random_crf(1)
    scores = np.zeros((7, K), dtype=np.float32)
    crf_loops.score(ids[:4], dense[:4], crf.emission_, crf.projection_, scores)
    work = [np.zeros((7, K), dtype=np.float32) for _ in range(3)]
    log_z = crf_loops.marginals(scores, 4, np.exp(crf.transition_), *work)
    everything = [slow_score(crf, ids[:4], dense[:4], path) for path in itertools.product(range(K), repeat=4)]
    assert log_z == pytest.approx(np.logaddexp.reduce(everything), abs=1e-4)


def toy_problem():
    words = [["the", "cell", "binds"], ["a", "cell", "dies"], ["the", "gene", "binds"]] * 4
    tags = np.array([0, 1, 2] * 12)
    text = Text(words)
    space = FeatureSpace.fit(text)
    return space.transform(text), text.offsets, tags, len(space)


def test_training_lowers_the_loss_and_fits_the_text():
    ids, offsets, tags, n = toy_problem()
    losses = []
    crf = LinearChainCRF(epochs=6)
    crf.fit(ids, offsets, tags, n, 3, report=lambda fraction, message: losses.append(float(message.split()[-3])))
    assert losses[-1] < losses[0] / 3
    assert (crf.predict(ids, offsets) == tags).all()


def test_training_is_deterministic_and_the_seed_matters():
    ids, offsets, tags, n = toy_problem()
    first, second, other = (LinearChainCRF(seed=s).fit(ids, offsets, tags, n, 3).emission_ for s in (1, 1, 2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_a_weight_of_zero_is_as_if_the_sentence_were_not_there():
    ids, offsets, tags, n = toy_problem()
    weights = np.ones(12)
    weights[6:] = 0
    wrong = tags.copy()
    wrong[18:] = 0
    crf = LinearChainCRF(epochs=10).fit(ids, offsets, wrong, n, 3, weights=weights)
    assert (crf.predict(ids, offsets) == tags).all()


def test_a_crf_comes_back_from_its_file(tmp_path):
    crf, ids, dense, offsets = random_crf(3)
    crf.save(tmp_path / "crf.npz")
    again = LinearChainCRF.load(tmp_path / "crf.npz")
    assert np.array_equal(again.predict(ids, offsets, dense), crf.predict(ids, offsets, dense))


@given(st.lists(st.lists(st.sampled_from(["The", "cell", "IL-2", "binds", "to", "1990"]), min_size=1), min_size=1))
@settings(max_examples=30, deadline=None)
def test_features_in_bulk_equal_features_one_by_one(sentences):
    space = FeatureSpace.fit(Text(sentences))
    table, offsets = featurise(space, sentences)
    names = space.names()
    row = 0
    for sentence in sentences:
        for i in range(len(sentence)):
            for t, template in enumerate(TEMPLATES):
                j = i + template.offset
                word = sentence[j] if 0 <= j < len(sentence) else ""
                value = attributes_of(word)[ATTRIBUTES.index(template.attribute)]
                assert names[table[row, t]] == f"{template.name}={value}"
            row += 1
    assert offsets[-1] == row


def test_shapes():
    assert shape_of("IL-12") == "AA-00"
    assert shape_of("phosphorylated") == "aa"


def test_groups_are_contiguous_and_complete():
    space = FeatureSpace.fit(Text([["a", "b", "C-1"], ["d"]]))
    slices = sorted((s.start, s.stop) for s in space.group_slices().values())
    assert slices[0][0] == 0 and slices[-1][1] == len(space)
    assert all(a[1] == b[0] for a, b in itertools.pairwise(slices))
