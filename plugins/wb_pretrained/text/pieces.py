"""Texts and sentences as word pieces in one integer tensor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn

Word = Literal["first", "mean", "ends"]
"""Which of its pieces stand for a word."""

LIMIT = 256
"""Pieces of one row, at most."""

IGNORED = -1
"""The label of a place that is not the first piece of a word."""


def encode_texts(tokenizer: Any, texts: Sequence[str], limit: int = LIMIT) -> Tensor:
    """Texts as an int64 tensor (n, 2, length): the pieces, padded, and ones where there is one; long texts are cut."""
    rows = tokenizer(list(texts), truncation=True, max_length=limit)["input_ids"]
    planes = torch.zeros((len(rows), 2, max(map(len, rows), default=1)), dtype=torch.int64)
    planes[:, 0] = tokenizer.pad_token_id
    for plane, row in zip(planes, rows, strict=True):
        plane[0, : len(row)] = torch.tensor(row)
        plane[1, : len(row)] = 1
    return planes


def encode_sentences(tokenizer: Any, sentences: Sequence[Sequence[str]], limit: int = LIMIT) -> tuple[Tensor, Tensor]:
    """Tokenised sentences as pieces.

    Returns
    -------
    planes : Tensor of int64, shape (rows, 2, length)
        The pieces, padded with ones of no meaning; and 2 at the first piece of each word, 1 at other pieces.
    owners : Tensor of int64, shape (rows,)
        The sentence that a row belongs to: a sentence with more pieces than ``limit`` takes several rows.
    """
    chunks, owners = [], []
    for number, words in enumerate(sentences):
        for chunk in _chunks(tokenizer, [str(word) for word in words], limit):
            chunks.append(chunk)
            owners.append(number)
    length = max((len(ids) for ids, _ in chunks), default=1)
    planes = torch.zeros((len(chunks), 2, length), dtype=torch.int64)
    planes[:, 0] = tokenizer.pad_token_id
    for plane, (ids, first) in zip(planes, chunks, strict=True):
        plane[0, : len(ids)] = torch.tensor(ids)
        plane[1, : len(ids)] = 1
        plane[1, first] = 2
    return planes, torch.tensor(owners, dtype=torch.int64)


def label_plane(planes: Tensor, labels: Sequence[np.ndarray]) -> Tensor:
    """Word labels at the places of the first pieces, :data:`IGNORED` elsewhere: int64 (rows, length)."""
    out = torch.full((planes.shape[0], planes.shape[2]), IGNORED, dtype=torch.int64)
    flat = np.concatenate([np.asarray(row) for row in labels]) if len(labels) else np.zeros(0, dtype=np.int64)
    out[planes[:, 1] == 2] = torch.from_numpy(flat.astype(np.int64))
    return out


def numbered(planes: Tensor, start: int) -> Tensor:
    """The planes and a third one with numbers from ``start`` on at the first pieces of the words, in their order."""
    first = planes[:, 1] == 2
    numbers = torch.zeros_like(planes[:, :1])
    numbers[:, 0][first] = start + torch.arange(int(first.sum()))
    return torch.cat([planes, numbers], dim=1)


def word_vectors(hidden: Tensor, planes: Tensor, kind: Word) -> Tensor:
    """One vector for each word, in the order of the text.

    Parameters
    ----------
    hidden : Tensor, shape (rows, length, d)
        The vectors of the pieces.
    planes : Tensor of int64, shape (rows, ≥ 2, length)
    kind : str
        "first": of the word's first piece (Devlin et al. 2019); "mean": of all its pieces; "ends": of the first and,
        after it, of the last, where the ending is, so 2 d numbers.
    """
    first, there = planes[:, 1] == 2, planes[:, 1] > 0
    if kind == "first":
        return hidden[first]
    after = nn.functional.pad(there[:, 1:], (0, 1))
    inside = there & after
    inside[:, 0] = False  # what opens and what closes a row is no word
    if kind == "mean":
        word = first[inside].cumsum(0) - 1
        sums = torch.zeros(int(first.sum()), hidden.shape[2], dtype=hidden.dtype, device=hidden.device)
        return sums.index_add(0, word, hidden[inside]) / word.bincount()[:, None]
    goes_on = nn.functional.pad((inside & ~first)[:, 1:], (0, 1))
    return torch.cat([hidden[first], hidden[inside & ~goes_on]], dim=1)


def lengths(planes: Tensor) -> Tensor:
    """Pieces of each row."""
    return (planes[:, 1] > 0).sum(1)


def trimmed(planes: Tensor) -> Tensor:
    """The same rows without the columns that are padding in all of them."""
    return planes[:, :, : int(lengths(planes).max())]


def _chunks(tokenizer: Any, words: list[str], limit: int) -> list[tuple[list[int], list[int]]]:
    """(pieces, places of the words' first pieces) of a sentence, cut between words where it is too long."""
    if not words:
        return []
    pieces = tokenizer(words, add_special_tokens=False)["input_ids"]
    unknown = [tokenizer.unk_token_id]
    before, after = [tokenizer.cls_token_id], [tokenizer.sep_token_id]
    chunks = []
    ids: list[int] = [*before]
    first: list[int] = []
    for piece in pieces:
        piece = (piece or unknown)[: limit - 2]
        if len(ids) + len(piece) + 1 > limit:
            chunks.append((ids + after, first))
            ids, first = [*before], []
        first.append(len(ids))
        ids.extend(piece)
    chunks.append((ids + after, first))
    return chunks
