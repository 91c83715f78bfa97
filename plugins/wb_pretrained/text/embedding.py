"""Texts as the vectors of a frozen sentence encoder: a featurizer, and the input of small networks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from wb_pretrained.shared.vectors import cached
from workbench.data.inputs import Inputs
from workbench.methods.featurizers import Featurizer

BATCH = 32


def embed(encoder: str, texts: Inputs) -> np.ndarray:
    """Vectors (n, width) of texts, float32, of length 1: means over the pieces, the first 256 of each text."""
    from wb_pretrained.text.encoders import weights_of

    return cached([weights_of(encoder).encode(), *(text.encode() for text in texts)], lambda: _computed(encoder, texts))


def _computed(encoder: str, texts: Inputs) -> np.ndarray:
    import torch

    from wb_pretrained.text.encoders import load_encoder
    from wb_pretrained.text.pieces import encode_texts, lengths, trimmed

    loaded = load_encoder(encoder)
    planes = encode_texts(loaded.tokenizer, texts)
    order = lengths(planes).argsort(stable=True)
    out = torch.zeros((len(texts), int(loaded.transformer.config.hidden_size)))
    loaded.transformer.eval()
    with torch.inference_mode():
        for rows in order.split(BATCH):
            x = trimmed(planes[rows])
            weights = (x[:, 1] > 0).float()[:, :, None]
            hidden = loaded.transformer(input_ids=x[:, 0], attention_mask=x[:, 1]).last_hidden_state
            out[rows] = torch.nn.functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=1)
    return out.numpy()


class Embedding(Featurizer):
    """Texts as vectors of a frozen sentence encoder; ``embedding:NAME`` names another than the bundled one."""

    scaling: ClassVar[str] = "none"
    classifier: ClassVar[str] = "logreg"

    def __init__(self, encoder: str = "minilm") -> None:
        self.encoder = encoder

    def fit(self, inputs: Inputs) -> Self:
        return self

    def transform(self, inputs: Inputs) -> Any:
        return embed(self.encoder, inputs)

    def save(self, folder: Path) -> None:
        (folder / "encoder.json").write_text(json.dumps({"encoder": self.encoder}), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        return cls(json.loads((folder / "encoder.json").read_text(encoding="utf-8"))["encoder"])
