"""Sentences and texts as word pieces, for a transformer that is trained with its head."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import torch
from torch import Tensor, nn

from wb_deep.bodies.contract import Preparation
from wb_deep.training.data import Data
from wb_pretrained.shared.fitting import Fitting
from wb_pretrained.text import pieces
from wb_pretrained.text.encoders import Encoder, load_encoder
from wb_pretrained.text.network import TransformerNetwork, merged, with_adapters
from wb_pretrained.text.word_features import WordFeatures
from workbench.data.domains import Domain, Predictions
from workbench.data.inputs import Inputs

if TYPE_CHECKING:
    from workbench.plugins.loading import Host

BATCH = 64
"""Rows of about the same length that are predicted together."""


class Sentences(Preparation):
    """Tokenised sentences with a label for each word.

    Parameters
    ----------
    words : str
        Which of its pieces stand for a word, see :func:`wb_pretrained.text.pieces.word_vectors`.
    word_features : WordFeatures, optional
        Further features of words for the head. The pieces then have a third plane with the words' numbers.
    """

    name = "sentences"

    def __init__(
        self,
        encoder: Encoder,
        fitting: Fitting | None = None,
        words: pieces.Word | None = "ends",
        word_features: WordFeatures | None = None,
    ) -> None:
        self.encoder, self.fitting = encoder, fitting or Fitting("embeddings")
        self.words, self.word_features = words, word_features

    def encode(self, inputs: Inputs) -> tuple[Tensor, Tensor]:
        """Pieces of the inputs, and the input that each row belongs to."""
        planes, owners = pieces.encode_sentences(self.encoder.tokenizer, inputs)
        if self.word_features is not None:
            planes = pieces.numbered(planes, self.word_features.add(inputs))
        return planes, owners

    def labels(self, planes: Tensor, domain: Domain) -> Tensor:
        return pieces.label_plane(planes, domain.labels)

    def data(self, source: Domain, target: Domain) -> Data:
        x, other = self.encode(source.inputs)[0], self.encode(target.inputs)[0]
        return Data(x, self.labels(x, source), other, pieces.lengths(x), pieces.lengths(other))

    def network(self, classes: int) -> nn.Module:
        transformer = self.encoder.transformer
        depth = self.fitting.depth(int(transformer.config.num_hidden_layers), embeddings=True)
        if self.fitting.adapters:
            transformer = with_adapters(transformer, self.fitting.adapters)
        return TransformerNetwork(
            transformer, classes, self.words, depth, self.fitting.layer_decay, self.fitting.gradual, self.word_features
        )

    def predict(self, network: Any, inputs: Inputs, classes: tuple[str, ...]) -> Predictions:
        planes, owners = self.encode(inputs)
        p, row_of = self._probabilities(network, planes)
        if self.word_features is not None and len(planes):
            self.word_features.forget(int(planes[0, 2, 1]))
        words_of = owners[row_of].numpy()
        cuts = np.cumsum(np.bincount(words_of, minlength=len(inputs)))[:-1]
        return Predictions(list(np.split(p.argmax(axis=1), cuts)), classes)

    def save(self, network: Any, folder: Path) -> None:
        from safetensors.torch import save_file

        network.transformer = merged(network.transformer)
        network.transformer.save_pretrained(folder / "encoder")
        self.encoder.tokenizer.save_pretrained(folder / "encoder")
        save_file(network.head.state_dict(), folder / "head.safetensors")
        about = {"encoder": self.encoder.name, "words": self.words}
        about["beside"] = self.word_features.save(folder) if self.word_features is not None else ""
        (folder / "preparation.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, classes: int, host: Host) -> tuple[Self, nn.Module]:
        from safetensors.torch import load_file

        about = json.loads((folder / "preparation.json").read_text(encoding="utf-8"))
        encoder = replace(load_encoder(str(folder / "encoder")), name=about["encoder"])
        prepared = cls(encoder, words=about["words"], word_features=WordFeatures.load(about["beside"], folder, host))
        network: Any = prepared.network(classes)
        network.head.load_state_dict(load_file(folder / "head.safetensors"))
        return prepared, network

    def _probabilities(self, network: Any, planes: Tensor) -> tuple[np.ndarray, Tensor]:
        """Class probabilities of all outputs, in the order of the rows, and the row of each."""
        order = pieces.lengths(planes).argsort(stable=True)
        by_row: list[Any] = [None] * len(order)
        with torch.no_grad():
            for rows in order.split(BATCH):
                p = network(planes[rows]).softmax(1)
                sizes = (planes[rows, 1] == 2).sum(1).tolist() if self.words else [1] * len(rows)
                for row, part in zip(rows.tolist(), p.split(sizes), strict=True):
                    by_row[row] = part
        if not by_row:
            return np.zeros((0, network.classes)), torch.zeros(0, dtype=torch.int64)
        row_of = torch.arange(len(by_row)).repeat_interleave(torch.tensor([len(part) for part in by_row]))
        return torch.cat(by_row).double().numpy(), row_of


class Texts(Sentences):
    """Whole texts with one label each: the means of their pieces' vectors."""

    name = "texts"

    def __init__(
        self, encoder: Encoder, fitting: Fitting | None = None, words: None = None, word_features: None = None
    ) -> None:
        super().__init__(encoder, fitting, words, word_features)

    def encode(self, inputs: Inputs) -> tuple[Tensor, Tensor]:
        return pieces.encode_texts(self.encoder.tokenizer, inputs), torch.arange(len(inputs))

    def labels(self, planes: Tensor, domain: Domain) -> Tensor:
        return torch.from_numpy(np.asarray(domain.labels))

    def predict(self, network: Any, inputs: Inputs, classes: tuple[str, ...]) -> Predictions:
        p, _ = self._probabilities(network, self.encode(inputs)[0])
        return Predictions(p.argmax(axis=1), classes, p / p.sum(axis=1, keepdims=True))
