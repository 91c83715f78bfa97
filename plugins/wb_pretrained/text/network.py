"""A pretrained transformer and a linear head: one output for each word, or for each text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from wb_pretrained.shared.fitting import Layered
from wb_pretrained.text.pieces import Word, trimmed, word_vectors
from wb_pretrained.text.word_features import WordFeatures


class TransformerNetwork(Layered):
    """Features and a linear head over a pretrained encoder.

    Parameters
    ----------
    transformer : transformers.PreTrainedModel
    classes : int
    words : str or None
        Which of its pieces stand for a word (:func:`wb_pretrained.text.pieces.word_vectors`); None: features are
        means over the pieces of each text.
    freeze : int
        How many of the lowest layers stay as they are, the embeddings with them; −1 for none of it.
    layer_decay, gradual
        See :class:`wb_pretrained.shared.fitting.Fitting`.
    word_features : WordFeatures, optional
        Further features of words, which the head reads after the vectors.
    """

    def __init__(
        self,
        transformer: Any,
        classes: int,
        words: Word | None,
        freeze: int = 0,
        layer_decay: float = 1.0,
        gradual: bool = False,
        word_features: WordFeatures | None = None,
    ) -> None:
        width = int(transformer.config.hidden_size) * (2 if words == "ends" else 1)
        width += word_features.width if word_features is not None else 0
        super().__init__(classes, width, freeze, layer_decay, gradual)
        self.transformer, self.words, self.word_features = transformer, words, word_features
        self.dropout = nn.Dropout(0.1)
        self.begin_epoch(0)

    def features(self, x: Tensor) -> Tensor:
        """Features (words or texts, width) of ``x``, see ``wb_pretrained.text.pieces``.

        ``x`` has the shape (rows, 2, length) or, with features beside the vectors, (rows, 3, length): the words'
        numbers come last.
        """
        x = trimmed(x)
        there = x[:, 1] > 0
        hidden = self.transformer(input_ids=x[:, 0], attention_mask=there.long()).last_hidden_state
        if self.words:
            vectors: Tensor = self.dropout(word_vectors(hidden, x, self.words))
            if self.word_features is None:
                return vectors
            return torch.cat([vectors, self.word_features.rows(x[:, 2][x[:, 1] == 2].cpu()).to(vectors)], dim=1)
        weights = there[:, :, None].to(hidden.dtype)
        means: Tensor = self.dropout((hidden * weights).sum(1) / weights.sum(1).clamp_min(1.0))
        return means

    @property
    def body(self) -> nn.Module:
        transformer: nn.Module = self.transformer
        return transformer

    @property
    def layers(self) -> int:
        return int(self.transformer.config.num_hidden_layers)

    def depth(self, name: str) -> int:
        """The layer, from 1 on, that a parameter of the transformer belongs to; 0 for the embeddings."""
        numbers = [part for part in name.split(".") if part.isdigit()]
        if numbers:
            return int(numbers[0]) + 1
        return 0 if "embeddings" in name else self.layers

    def candidates(self) -> Iterator[tuple[str, nn.Parameter]]:
        """The adapters where there are any, else all of the transformer."""
        named = list(self.transformer.named_parameters())
        adapters = [(name, parameter) for name, parameter in named if "lora_" in name]
        return iter(adapters or named)


def with_adapters(transformer: Any, rank: int) -> Any:
    """The transformer with low-rank adapters of the attention (Hu et al. 2022), the only part of it that is trained.

    Raises :class:`NotInstalled` without the peft library.
    """
    from workbench.plugins.entries import missing_extra

    try:
        from peft import LoraConfig, get_peft_model
    except ModuleNotFoundError as error:
        raise missing_extra("--lora", error.name or "peft", "deep") from error
    names = {name.rpartition(".")[2] for name, module in transformer.named_modules() if isinstance(module, nn.Linear)}
    wanted = sorted(names & {"query", "value", "q_lin", "v_lin", "q_proj", "v_proj", "Wqkv"})
    return get_peft_model(transformer, LoraConfig(r=rank, lora_alpha=2 * rank, target_modules=wanted or "all-linear"))


def merged(transformer: Any) -> Any:
    """The transformer with its adapters, if any, added into its weights."""
    return transformer.merge_and_unload() if hasattr(transformer, "merge_and_unload") else transformer
