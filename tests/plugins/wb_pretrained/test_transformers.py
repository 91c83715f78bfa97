"""Pieces and words, what is trained and what stays, a language model that learns; with the real small encoder."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from wb_deep.training.batching import batches
from wb_pretrained.shared.body import PretrainedModel
from wb_pretrained.shared.fitting import distance_penalty
from wb_pretrained.text.embedding import Embedding, embed
from wb_pretrained.text.encoders import load_encoder, weights_of
from wb_pretrained.text.language_model import adapt, masked
from wb_pretrained.text.methods import TextTransformer, Transformer
from wb_pretrained.text.network import TransformerNetwork, merged, with_adapters
from wb_pretrained.text.pieces import encode_sentences, encode_texts, label_plane, lengths, word_vectors
from workbench import load
from workbench.data.domains import Domain, Problem
from workbench.errors import NotInstalled, UsageError
from workbench.progress import Progress

SENTENCES = [
    ["The", "phosphorylation", "of", "NF-kappaB", "was", "inhibited", "."],
    ["Stocks", "fell", "."],
    ["It", "\u2028", "rose", "2.5", "%", "."],
]


@pytest.fixture(scope="module")
def encoder():
    return load_encoder("minilm")


def test_each_word_has_one_first_piece(encoder):
    planes, owners = encode_sentences(encoder.tokenizer, SENTENCES)
    assert owners.tolist() == [0, 1, 2]
    assert (planes[:, 1] == 2).sum(1).tolist() == [len(words) for words in SENTENCES]
    first = planes[0, 0][planes[0, 1] == 2]
    assert encoder.tokenizer.convert_ids_to_tokens(first[:2].tolist()) == ["the", "ph"]


@pytest.mark.parametrize("limit", [12, 20, 256])
def test_long_sentences_are_cut_between_words(encoder, limit):
    sentences = [["word"] * 40, ["internationalisation"] * 9, ["one"]]
    planes, owners = encode_sentences(encoder.tokenizer, sentences, limit)
    assert int(lengths(planes).max()) <= limit
    words = torch.zeros(3, dtype=torch.int64).index_add(0, owners, (planes[:, 1] == 2).sum(1))
    assert words.tolist() == [40, 9, 1]


def test_labels_lie_at_the_first_pieces(encoder):
    planes, _ = encode_sentences(encoder.tokenizer, SENTENCES)
    labels = [np.arange(len(words)) for words in SENTENCES]
    plane = label_plane(planes, labels)
    assert plane[plane >= 0].tolist() == np.concatenate(labels).tolist()
    assert torch.equal(plane >= 0, planes[:, 1] == 2)


def test_batches_by_length_hold_every_example_and_little_padding():
    sizes = torch.from_numpy(np.random.default_rng(0).integers(3, 200, size=640))
    found = list(batches(640, 16, 40, torch.Generator().manual_seed(0), sizes))
    assert sorted(torch.cat(found).tolist()) == list(range(640))
    plain = list(batches(640, 16, 40, torch.Generator().manual_seed(0)))

    def padding(chosen):
        return sum(int(sizes[b].max()) * len(b) - int(sizes[b].sum()) for b in chosen)

    assert padding(found) < padding(plain) / 5


def test_predictions_do_not_depend_on_what_else_is_in_the_batch(encoder):
    torch.manual_seed(0)
    network = TransformerNetwork(encoder.transformer, 4, words="first").eval()
    planes, _ = encode_sentences(encoder.tokenizer, SENTENCES)
    with torch.no_grad():
        together = network(planes)
        alone = torch.cat([network(planes[k : k + 1]) for k in range(3)])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=1e-4)


def moved(network, planes, labels, rate=1e-3):
    """Names of the transformer's parameters that one step changes."""
    before = {name: p.detach().clone() for name, p in network.transformer.named_parameters()}
    optimiser = torch.optim.AdamW(network.parameter_groups(rate))
    nn.functional.cross_entropy(network(planes), labels).backward()
    optimiser.step()
    return {name for name, p in network.transformer.named_parameters() if not torch.equal(p, before[name])}


@pytest.mark.parametrize(("freeze", "lowest"), [(-1, 0), (0, 1), (4, 5), (6, 7)])
def test_frozen_layers_stay_as_they_are(encoder, freeze, lowest):
    network = TransformerNetwork(copy.deepcopy(encoder.transformer), 3, words="first", freeze=freeze)
    planes, _ = encode_sentences(encoder.tokenizer, SENTENCES)
    depths = {network.depth(name) for name in moved(network, planes, torch.arange(16) % 3)}
    assert depths == set(range(lowest, 7))


def test_gradual_unfreezing_goes_from_the_top(encoder):
    network = TransformerNetwork(copy.deepcopy(encoder.transformer), 3, words="first", gradual=True)
    free = []
    for epoch in range(8):
        network.begin_epoch(epoch)
        free.append(min(network.depth(n) for n, p in network.transformer.named_parameters() if p.requires_grad))
    assert free == [6, 5, 4, 3, 2, 1, 1, 1]


def test_each_layer_has_a_step_size_of_its_own(encoder):
    network = TransformerNetwork(copy.deepcopy(encoder.transformer), 3, words="first", layer_decay=0.5)
    rates = [group["lr"] for group in network.parameter_groups(1.0)]
    assert rates == [20.0, *(0.5**k for k in range(6))]


def test_adapters_are_the_only_part_that_moves_and_are_merged(encoder):
    network = TransformerNetwork(with_adapters(copy.deepcopy(encoder.transformer), 4), 3, words="first")
    planes, _ = encode_sentences(encoder.tokenizer, SENTENCES)
    assert all("lora_" in name for name in moved(network, planes, torch.arange(16) % 3))
    network.eval()
    with torch.no_grad():
        before = network(planes)
        network.transformer = merged(network.transformer)
        torch.testing.assert_close(network(planes), before, atol=1e-4, rtol=1e-3)
    assert not any("lora_" in name for name, _ in network.transformer.named_parameters())


def test_the_penalty_is_half_the_squared_distance(encoder):
    network = TransformerNetwork(copy.deepcopy(encoder.transformer), 3, words="first")
    penalty = distance_penalty(network, 0.3)
    assert penalty().item() == 0.0
    parameter = next(p for p in network.transformer.parameters() if p.requires_grad)
    with torch.no_grad():
        parameter += 0.1
    assert penalty().item() == pytest.approx(0.15 * 0.01 * parameter.numel(), rel=1e-3)


def test_masking_leaves_special_pieces_alone_and_keeps_the_shares():
    ids = torch.arange(1000, 41000).view(100, 400)
    maskable = torch.ones_like(ids, dtype=torch.bool)
    maskable[:, 0] = False
    every = torch.ones_like(maskable)
    out, chosen = masked(ids, every, maskable, 7, 50_000, torch.Generator().manual_seed(0))
    assert not chosen[:, 0].any() and torch.equal(out[~chosen], ids[~chosen])
    assert float(chosen[:, 1:].float().mean()) == pytest.approx(0.15, abs=0.01)
    assert float((out[chosen] == 7).float().mean()) == pytest.approx(0.8, abs=0.02)
    assert float((out[chosen] == ids[chosen]).float().mean()) == pytest.approx(0.1, abs=0.02)


def test_words_are_hidden_whole():
    starts = torch.rand(50, 60, generator=torch.Generator().manual_seed(1)) < 0.4
    starts[:, 0] = True
    ids = torch.arange(1000, 4000).view(50, 60)
    out, chosen = masked(ids, starts, torch.ones_like(starts), 7, 50_000, torch.Generator().manual_seed(0))
    word = starts.flatten().cumsum(0) - 1
    parts = torch.zeros(int(word.max()) + 1).index_add(0, word, chosen.flatten().float())
    assert torch.equal((parts > 0).float() * word.bincount(), parts)
    assert 0.1 < float(chosen.float().mean()) < 0.2
    hidden = (out == 7).flatten()
    assert torch.equal(torch.zeros(len(parts)).index_add(0, word, hidden.float()) > 0, hidden[starts.flatten()])


@pytest.mark.parametrize("kind", ["first", "mean", "ends"])
def test_the_vector_of_a_word_equals_the_slow_version(encoder, kind):
    sentences = [*SENTENCES, ["lymphocytes"], ["a", "b"]]
    planes, _ = encode_sentences(encoder.tokenizer, sentences)
    hidden = torch.randn(*planes[:, 0].shape, 4, generator=torch.Generator().manual_seed(0))
    expected = []
    for row, words in zip(hidden, sentences, strict=True):
        place = 1
        for word in words:
            pieces = row[place : place + max(1, len(encoder.tokenizer(word, add_special_tokens=False)["input_ids"]))]
            made = {"first": pieces[0], "mean": pieces.mean(0), "ends": torch.cat([pieces[0], pieces[-1]])}
            expected.append(made[kind])
            place += len(pieces)
    torch.testing.assert_close(word_vectors(hidden, planes, kind), torch.stack(expected))


def test_the_language_model_learns(encoder):
    fresh = copy.deepcopy(encoder)
    planes, _ = encode_sentences(fresh.tokenizer, SENTENCES[:2] * 40)
    torch.manual_seed(0)
    losses = adapt(fresh, planes, 6, 2e-4, 0, batch_size=8)
    assert len(losses) == 10 and losses[-1] < 0.6 * losses[0]
    again, _ = encoder.transformer.get_input_embeddings().weight, None
    assert torch.equal(fresh.transformer.get_input_embeddings().weight, again)


def test_meaning_is_near_in_the_embedding(tmp_path, monkeypatch):
    monkeypatch.setenv("WB_CACHE", str(tmp_path))
    texts = ["The film was dull.", "I was bored by this movie.", "Boil the pasta for ten minutes."]
    vectors = embed("minilm", texts)
    near = vectors @ vectors.T
    assert near[0, 1] > near[0, 2] + 0.2
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, rtol=1e-5)
    np.testing.assert_array_equal(embed("minilm", texts), vectors)
    Embedding().save(tmp_path)
    np.testing.assert_array_equal(Embedding.load(tmp_path).transform(texts), vectors)


def test_a_tagger_is_saved_whole(tmp_path):
    source = Domain("a", "tagging", SENTENCES, [np.arange(len(w)) % 3 for w in SENTENCES], ("A", "B", "C"))
    problem = Problem("tagging", (source,), source.unlabelled(), seed=1)
    model = Transformer(Transformer.Params(epochs=1, batch_size=2)).fit(problem, Progress())
    model.save(tmp_path)
    again = PretrainedModel.load(tmp_path, load())
    for inputs in (SENTENCES, [*SENTENCES, []]):
        first, second = (m.predict(inputs).labels for m in (model, again))
        assert [len(row) for row in first] == [len(words) for words in inputs]
        assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_texts_are_learnt(tmp_path):
    texts = [f"{a} {b}" for a in ("good", "fine", "great") for b in ("book", "film", "pan", "radio")]
    other = [f"{a} {b}" for a in ("bad", "awful", "poor") for b in ("book", "film", "pan", "radio")]
    source = Domain("a", "classification", texts + other, np.repeat([1, 0], 12), ("no", "yes"))
    problem = Problem("classification", (source,), source.unlabelled())
    model = TextTransformer(TextTransformer.Params(epochs=6, batch_size=8)).fit(problem, Progress())
    assert (model.predict(["an excellent lamp", "a terrible lamp"]).labels == [1, 0]).all()
    assert encode_texts(model.preparation.encoder.tokenizer, ["x " * 900]).shape[2] == 256


def test_absent_weights_end_in_a_line_that_names_the_ways(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(NotInstalled, match="give --encoder minilm"):
        load_encoder("nobody/no-such-encoder")
    with pytest.raises(UsageError, match=r"config.json is missing"):
        weights_of(str(tmp_path))
    with pytest.raises(UsageError, match="--freeze 9: give none, embeddings"):
        source = Domain("a", "tagging", SENTENCES, [np.arange(len(w)) for w in SENTENCES], tuple("ABCDEFG"))
        Transformer(Transformer.Params(freeze="9")).fit(Problem("tagging", (source,), source.unlabelled()), Progress())
