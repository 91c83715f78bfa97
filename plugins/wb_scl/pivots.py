"""Pivots: words that are frequent in the unlabelled text of both domains and behave alike in both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wb_text.tagging.words import Text, shape_of

if TYPE_CHECKING:
    from workbench.data.domains import Problem

OFFSETS = (-1, 0, 1)
"""Where a pivot word stands: left of the token, the token itself, right of it."""

SIDES = (-1, 1)
"""Where a pivot shape stands: left and right of the token."""

FULL_THRESHOLD, FULL_TOKENS = 50, 350_000
LEAST_THRESHOLD = 5


@dataclass(frozen=True)
class Pivot:
    """One pivot word with its counts in the unlabelled source and target text."""

    word: str
    source_count: int
    target_count: int


def default_threshold(tokens: int) -> int:
    """The count that a pivot must exceed in both domains when ``tokens`` is the smaller domain's text.

    The paper's 50 holds for hundreds of thousands of tokens; it falls with the square root of the text, which
    keeps the pivots' share of all tokens about the same in small text.
    """
    scaled = round(FULL_THRESHOLD * (tokens / FULL_TOKENS) ** 0.5)
    return int(min(FULL_THRESHOLD, max(LEAST_THRESHOLD, scaled)))


def frequent(source: Mapping[str, int], target: Mapping[str, int], threshold: int) -> list[Pivot]:
    """All words with a count above ``threshold`` in both domains, most frequent first.

    References
    ----------
    Blitzer, McDonald & Pereira (EMNLP 2006), § 3.1: "occur frequently in both domains".
    """
    pivots = [
        Pivot(word, count, target[word])
        for word, count in source.items()
        if count > threshold and target.get(word, 0) > threshold
    ]
    return sorted(pivots, key=lambda pivot: (-min(pivot.source_count, pivot.target_count), pivot.word))


def shape_labels(text: Text, source: Text, target: Text, threshold: int) -> tuple[dict[int, np.ndarray], int]:
    """The pivot shape beside every token of ``text``, for each of :data:`SIDES`, and how many pivot shapes there are.

    Shapes (capitals, digits, other signs, see ``wb_text.tagging.words.shape_of``) with a count above ``threshold`` in
    both domains are pivots as words are; the boundary is pivot 0, −1 stands for none.
    """
    counts: list[Counter[str]] = []
    for part in (source, target):
        counts.append(Counter())
        for word, n in zip(part.types[1:], part.counts()[1:].tolist(), strict=True):
            counts[-1][shape_of(word)] += n
    shapes = [pivot.word for pivot in frequent(counts[0], counts[1], threshold)]
    position = {shape: i for i, shape in enumerate(shapes, 1)}
    of_type = np.array([0, *(position.get(shape_of(word), -1) for word in text.types[1:])], dtype=np.int32)
    return {side: of_type[text.at(side)] for side in SIDES}, len(shapes) + 1


def mutual_information(occurs: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """Mutual information, in nats, between each column of ``occurs`` and the label.

    Parameters
    ----------
    occurs : sparse or dense matrix of 0/1, shape (n, candidates)
    labels : ndarray of int, shape (n,)

    References
    ----------
    Blitzer, Dredze & Pereira (ACL 2007), § 3: pivots that tell the source labels.
    """
    n = len(labels)
    with_label = np.stack([np.asarray(occurs[labels == c].sum(axis=0)).ravel() for c in range(classes)])
    label_counts = np.bincount(labels, minlength=classes)[:, None]
    present = with_label.sum(axis=0)
    information = np.zeros(with_label.shape[1])
    for joint, marginal in ((with_label, present), (label_counts - with_label, n - present)):
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = joint / n * np.log(joint * n / (label_counts * marginal))
        information += np.where(joint > 0, terms, 0.0).sum(axis=0)
    return information


def by_tag_information(pivots: list[Pivot], problem: Problem) -> list[Pivot]:
    """The pivots ordered by the mutual information between their place beside a token and the token's tag."""
    from scipy import sparse

    position = {pivot.word: i for i, pivot in enumerate(pivots)}
    rows, columns, tags, start = [], [], [], 0
    for domain in problem.sources:
        for words, labels in zip(domain.inputs, domain.labels, strict=True):
            for i in range(1, len(words)):
                column = position.get(words[i - 1])
                if column is not None:
                    rows.append(start + i)
                    columns.append(column)
            tags.append(labels)
            start += len(words)
    occurs = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(start, len(pivots)))
    information = mutual_information(occurs, np.concatenate(tags), len(problem.classes))
    return [pivots[i] for i in np.argsort(-information, kind="stable")]
