"""Features of words beside a transformer's vectors: that the head reads them, and whole runs from names."""

import json

import numpy as np
import pytest
import torch

from wb_deep.training.engine import train
from wb_deep.training.options import Training
from wb_pretrained.shared.body import PretrainedModel
from wb_pretrained.shared.fitting import Fitting
from wb_pretrained.text.encoders import load_encoder
from wb_pretrained.text.preparing import Sentences
from wb_pretrained.text.word_features import CLIP, WordFeatures
from workbench.data.domains import Domain
from workbench.errors import UsageError
from workbench.methods.featurizers import Featurizer, choose, new_featurizer
from workbench.plugins.entries import FeaturizerEntry
from workbench.plugins.loading import load


class Capitals(Featurizer):
    """Whether a word is in capitals, which an uncased encoder cannot see, and a column that never varies."""

    transformed = 0

    def fit(self, inputs):
        return self

    def transform(self, inputs):
        self.transformed += 1
        return np.array([[w.isupper(), 3.0] for words in inputs for w in words], dtype=np.float32).reshape(-1, 2)

    def save(self, folder):
        pass

    @classmethod
    def load(cls, folder):
        return cls()


def host_with_capitals():
    """The installed plugins and a featurizer of this test's own, so that records can name it."""
    host = load()
    host.featurizers.add(FeaturizerEntry(name="capitals", factory=Capitals, plugin="test", inputs="sentences"))
    return host


def sentences(seed, n=48):
    generator = np.random.default_rng(seed)
    words = ["cell", "protein", "share", "the", "fell"]
    return [[w.upper() if generator.random() < 0.5 else w for w in generator.choice(words, 6)] for _ in range(n)]


def domain(seed):
    inputs = sentences(seed)
    return Domain("a", "tagging", inputs, [np.array([w.isupper() for w in s]).astype(int) for s in inputs], ("l", "u"))


def accuracy(model, seed):
    held = domain(seed)
    return np.mean(np.concatenate(model.predict(held.inputs).labels) == np.concatenate(held.labels))


def trained(features):
    torch.manual_seed(0)
    source = domain(0)
    prepared = Sentences(load_encoder("minilm"), Fitting("all-but-head"), word_features=features)
    network = prepared.network(2)
    train(network, prepared.data(source, domain(1).unlabelled()), Training(12, 8, 1e-3), 0)
    return PretrainedModel(network, prepared, source.classes)


def test_features_are_of_unit_variance_in_the_source_and_computed_when_asked_for():
    features = WordFeatures.fit(Capitals(), sentences(0))
    source, target = (features.add(sentences(seed)) for seed in (0, 1))
    assert (source, target) == (0, 48 * 6) and features.featurizer.transformed == 1
    rows = features.rows(torch.arange(48 * 6))
    assert features.featurizer.transformed == 2  # the target's words were not asked for
    assert rows.mean(0).abs().max() < 1e-5 and rows.std(0, unbiased=False)[0].item() == pytest.approx(1, abs=1e-4)
    assert (rows[:, 1] == 0).all() and rows.abs().max() <= CLIP
    both = features.rows(torch.tensor([target + 2, 5, target]))
    asked = [sentences(1)[0][2], sentences(0)[0][5], sentences(1)[0][0]]
    assert (both[:, 0] > 0).tolist() == [word.isupper() for word in asked]
    features.forget(target)
    assert features.add(sentences(2)) == target


def test_the_head_reads_what_the_encoder_cannot_see(tmp_path):
    host = host_with_capitals()
    without, with_them = trained(None), trained(WordFeatures.fit(new_featurizer("capitals", host), sentences(0)))
    assert accuracy(without, 7) < 0.7
    assert accuracy(with_them, 7) == 1.0
    with_them.save(tmp_path)
    again = PretrainedModel.load(tmp_path, host)
    for inputs in (sentences(3), [["ONE"], [], ["one", "TWO"]], []):
        pairs = zip(with_them.predict(inputs).labels, again.predict(inputs).labels, strict=True)
        assert all(np.array_equal(a, b) for a, b in pairs)
    assert accuracy(with_them, 8) == 1.0  # predicting leaves nothing behind


def test_a_long_sentence_keeps_its_words_numbers():
    features = WordFeatures.fit(Capitals(), sentences(0))
    prepared = Sentences(load_encoder("minilm"), word_features=features)
    planes, owners = prepared.encode([["word"] * 300, ["one", "TWO"]])
    assert owners.tolist() == [0, 0, 1]
    assert planes[:, 2][planes[:, 1] == 2].tolist() == list(range(302))


def test_shapes_tell_what_an_uncased_encoder_cannot_see():
    featurizer = load().featurizers.get("shape").load()()
    found = featurizer.transform([["The", "NF-kappaB", "p50"], ["the", "50", "."]])
    assert found.shape[0] == 6 and len(np.unique(found, axis=0)) == 6 and set(np.unique(found)) == {0.0, 1.0}
    capital, not_first, opens = found.T[:3]
    assert capital.tolist() == [1, 1, 0, 0, 0, 0] and not_first.tolist() == [0, 1, 0, 0, 0, 0]
    assert opens.tolist() == [1, 0, 0, 1, 0, 0]
    assert featurizer.transform([[]]).shape == (0, found.shape[1])


def test_the_kind_of_features_is_checked():
    host = load()
    assert choose("scl", sentences(0), host) == "scl"
    with pytest.raises(UsageError, match=r"--head-features tfidf does not take sentences; featurizers that do: .*scl"):
        choose("tfidf", sentences(0), host, "--head-features")
    with pytest.raises(UsageError, match="learnt from a source and a target"):
        host.featurizers.get("scl").load()().fit(sentences(0))


def test_features_of_a_transformers_head_are_tested_against_the_plain_one(wb):
    code, out, err = wb(
        *("run", "transformer", "--src", "wsj@embedded", "--tgt", "medline@embedded", "--head-features", "scl"),
        *("--epochs", "1", "--freeze", "all-but-head", "--json"),
    )
    assert code == 0, err
    found = json.loads(out)
    assert (found["method"], found["variant"], found["baseline"]) == ("transformer", "head-features", "transformer")
    assert found["difference"]["accuracy"]["value"] > 0.05 and found["difference"]["accuracy"]["p"] < 0.001
    code, out, _ = wb("runs", "show", "last")
    assert code == 0 and "transformer, head-features helps" in out
    code, out, _ = wb("predict", "last", "--text", "The protein binds to DNA.")
    assert code == 0 and out.startswith("The/DT protein/")
