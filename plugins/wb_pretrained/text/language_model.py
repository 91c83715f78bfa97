"""Masked-language-model training of an encoder on unlabelled text (Gururangan et al., ACL 2020, "DAPT").

Words are hidden whole: a rare word has many pieces, and one of them is told by the others, not by the context.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from wb_deep.training.data import Data
from wb_deep.training.devices import Device, Precision
from wb_deep.training.engine import train
from wb_deep.training.observers import LoopObserver
from wb_deep.training.options import Training
from wb_pretrained.text.encoders import Encoder
from wb_pretrained.text.pieces import lengths, trimmed

MASKED = 0.15
"""Share of the pieces that are to be guessed (Devlin et al. 2019, § 3.1)."""

BATCH = 32

HEAD = 10.0
"""The head is new and learns so many times faster than the encoder."""

TENTHS = 10
"""Parts of the training that the engine counts as epochs."""


class MaskedHead(nn.Module):
    """A transform and the encoder's own piece embeddings, turned round: (n, d) to (n, vocabulary)."""

    def __init__(self, embeddings: nn.Embedding) -> None:
        super().__init__()
        vocabulary, width = embeddings.weight.shape
        self.transform = nn.Linear(width, width)
        nn.init.eye_(self.transform.weight)
        nn.init.zeros_(self.transform.bias)
        self.norm = nn.LayerNorm(width)
        self.bias = nn.Parameter(torch.zeros(vocabulary))

    def forward(self, hidden: Tensor, embeddings: Tensor) -> Tensor:
        return self.norm(functional.gelu(self.transform(hidden))) @ embeddings.T + self.bias


def masked(
    ids: Tensor,
    starts: Tensor,
    maskable: Tensor,
    mask_id: int,
    vocabulary: int,
    generator: torch.Generator | None = None,
) -> tuple[Tensor, Tensor]:
    """Pieces with some words hidden, and where (a boolean tensor).

    Parameters
    ----------
    ids, starts, maskable : Tensor, shape (rows, length)
        The pieces; whether a word starts there; whether it may be hidden. All pieces of a word are chosen, or none: for
        80 % of the words the mask stands there, for 10 % other pieces, 10 % are kept.
    """
    word = starts.flatten().cumsum(0).view(ids.shape)
    words = int(word.max()) + 1
    chosen = (torch.rand(words, generator=generator) < MASKED).to(ids.device)[word] & maskable
    how = torch.rand(words, generator=generator).to(ids.device)[word]
    out = ids.clone()
    out[chosen & (how < 0.8)] = mask_id
    swapped = chosen & (how >= 0.8) & (how < 0.9)
    out[swapped] = torch.randint(vocabulary, (int(swapped.sum()),), generator=generator).to(ids.device)
    return out, chosen


class MaskedLanguageModel(nn.Module):
    """An encoder and a head that guesses hidden pieces of it; trained by ``wb_deep.training.engine``.

    A wheel's encoder comes without the head that once guessed its pieces, so a new one is trained alone in the first
    epoch; then both. The embeddings stay as they are.

    Parameters
    ----------
    encoder : Encoder
    whole : bool
        Whether the pieces tell where words start; of texts nobody knows.
    """

    def __init__(self, encoder: Encoder, whole: bool) -> None:
        super().__init__()
        self.transformer, self.whole = encoder.transformer, whole
        self.mask_id = encoder.tokenizer.mask_token_id
        self.embeddings = encoder.transformer.get_input_embeddings()
        self.head = MaskedHead(self.embeddings)
        self.register_buffer("special", torch.tensor(encoder.tokenizer.all_special_ids), persistent=False)
        self.special: Tensor

    @property
    def layers(self) -> list[nn.Parameter]:
        """What of the encoder is trained."""
        return [p for name, p in self.transformer.named_parameters() if not name.startswith("embeddings.")]

    def parameter_groups(self, rate: float) -> list[dict[str, Any]]:
        return [{"params": list(self.head.parameters()), "lr": HEAD * rate}, {"params": self.layers, "lr": rate}]

    def begin_epoch(self, epoch: int) -> None:
        self.transformer.requires_grad_(False)
        for parameter in self.layers:
            parameter.requires_grad_(epoch > 0)

    def loss(self, planes: Tensor) -> Tensor:
        """Cross-entropy of the pieces that are hidden from ``planes`` (rows, 2, length)."""
        batch = trimmed(planes)
        ids, there = batch[:, 0], batch[:, 1] > 0
        starts = batch[:, 1] == 2 if self.whole else there
        hidden_ids, chosen = masked(ids, starts, there & ~torch.isin(ids, self.special), self.mask_id, self.vocabulary)
        hidden = self.transformer(input_ids=hidden_ids, attention_mask=there.long()).last_hidden_state[chosen]
        guesses = self.head(hidden, self.embeddings.weight.detach())
        return functional.cross_entropy(guesses, ids[chosen], reduction="sum") / max(
            1, len(guesses)
        )  # none may be hidden

    @property
    def vocabulary(self) -> int:
        """How many pieces there are."""
        return len(self.embeddings.weight)


def adapt(
    encoder: Encoder,
    planes: Tensor,
    passes: float,
    rate: float,
    seed: int,
    observers: Sequence[LoopObserver] = (),
    batch_size: int = BATCH,
    device: Device = "auto",
    precision: Precision = "single",
) -> list[float]:
    """Train the encoder in place on ``planes`` (rows, 2, length); returns the loss of each tenth of the training.

    The step size falls linearly to nothing after the first tenth, in which the new head is trained alone.
    """
    steps = max(1, round(passes * len(planes) / batch_size / TENTHS))
    network = MaskedLanguageModel(encoder, whole=bool((planes[:, 1] == 2).any()))
    training = Training(
        TENTHS, batch_size, rate, steps, decay=0.01, schedule="falling", clip=1.0, device=device, precision=precision
    )
    nothing = torch.zeros(len(planes), dtype=torch.int64)
    data = Data(planes, nothing, planes[:0], lengths(planes))
    trace = train(network, data, training, seed, observers=observers, objective=lambda model, x, _: model.loss(x))
    return [row["cross_entropy"] for row in trace]
