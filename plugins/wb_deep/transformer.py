"""A pretrained transformer and a linear head: one output for each word, or for each text."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from wb_deep.pieces import trimmed

HEAD = 20.0
"""The head is new and learns so many times faster than the pretrained layers."""


class TransformerNetwork(nn.Module):
    """Features and a linear head over a pretrained encoder.

    Parameters
    ----------
    transformer : transformers.PreTrainedModel
    classes : int
    words : bool
        Whether features are those of the words' first pieces, or means over the pieces of each text.
    freeze : int
        How many of the lowest layers stay as they are, the embeddings with them; −1 for none of it.
    layer_decay : float
        The step size of each layer over that of the layer above it (Howard & Ruder 2018, § 3.2).
    gradual : bool
        Whether one more layer, from the top, is set free with each epoch (ibid. § 3.3).
    """

    def __init__(
        self,
        transformer: Any,
        classes: int,
        words: bool,
        freeze: int = 0,
        layer_decay: float = 1.0,
        gradual: bool = False,
    ) -> None:
        super().__init__()
        self.transformer, self.words = transformer, words
        self.classes, self.width = classes, int(transformer.config.hidden_size)
        self.freeze, self.layer_decay, self.gradual = freeze, layer_decay, gradual
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(self.width, classes)
        self.begin_epoch(0)

    def features(self, x: Tensor) -> Tensor:
        """Features (words or texts, width) of ``x`` (rows, 2, length), see ``wb_deep.pieces``."""
        x = trimmed(x)
        there = x[:, 1] > 0
        hidden = self.transformer(input_ids=x[:, 0], attention_mask=there.long()).last_hidden_state
        if self.words:
            found: Tensor = self.dropout(hidden[x[:, 1] == 2])
            return found
        weights = there[:, :, None].to(hidden.dtype)
        means: Tensor = self.dropout((hidden * weights).sum(1) / weights.sum(1).clamp_min(1.0))
        return means

    def forward(self, x: Tensor) -> Tensor:
        """Logits (words or texts, classes)."""
        out: Tensor = self.head(self.features(x))
        return out

    @property
    def layers(self) -> int:
        return int(self.transformer.config.num_hidden_layers)

    def depth(self, name: str) -> int:
        """The layer, from 1 on, that a parameter of the transformer belongs to; 0 for the embeddings."""
        numbers = [part for part in name.split(".") if part.isdigit()]
        if numbers:
            return int(numbers[0]) + 1
        return 0 if "embeddings" in name else self.layers

    def parameter_groups(self, rate: float) -> list[dict[str, Any]]:
        """The head, and each depth that is ever trained with a step size of its own."""
        groups: list[dict[str, Any]] = [{"params": list(self.head.parameters()), "lr": HEAD * rate}]
        for depth in range(self.layers, -1, -1):
            chosen = [p for name, p in self.transformer.named_parameters() if self._trained(name, p, depth)]
            if chosen:
                groups.append({"params": chosen, "lr": rate * self.layer_decay ** (self.layers - depth)})
        return groups

    def begin_epoch(self, epoch: int) -> None:
        lowest = max(self.freeze + 1, self.layers - epoch) if self.gradual else self.freeze + 1
        for name, parameter in self.transformer.named_parameters():
            if not self._adapters or "lora_" in name:
                parameter.requires_grad_(self.depth(name) >= lowest)

    def _trained(self, name: str, parameter: nn.Parameter, depth: int) -> bool:
        own = "lora_" in name if self._adapters else True
        return own and self.depth(name) == depth and depth > self.freeze

    @property
    def _adapters(self) -> bool:
        return any("lora_" in name for name, _ in self.transformer.named_parameters())


def with_adapters(transformer: Any, rank: int) -> Any:
    """The transformer with low-rank adapters of the attention (Hu et al. 2022), the only part of it that is trained.

    Raises :class:`NotInstalled` without the peft library.
    """
    from workbench.registry import missing_extra

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


def distance_penalty(network: TransformerNetwork, strength: float) -> Any:
    """L2-SP: half of strength · squared distance of the layers from where they began (Li et al., ICML 2018, eq. 2)."""
    pairs = [(p, p.detach().clone()) for p in network.transformer.parameters() if p.requires_grad]

    def penalty() -> Tensor:
        return strength / 2 * torch.stack([((p - start) ** 2).sum() for p, start in pairs]).sum()

    return penalty
