"""How words relate to their contexts: counts for a classifier, and a bipartite graph of words and contexts."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from wb_relation.aspects.reviews import Reviews

EDGE = ("", "")
RELATIONS = ("left", "right", "two left", "two right", "around")
"""The relations between a word and a context: the words beside it, two on a side, one on each side."""

_CLASSES = {
    "determiner": {
        "the",
        "a",
        "an",
        "this",
        "that",
        "these",
        "those",
        "its",
        "it's",
        "my",
        "your",
        "his",
        "her",
        "their",
        "our",
    },
    "copula": {"is", "are", "was", "were", "be", "been", "looks", "sounds", "feels", "seems", "works"},
    "pronoun": {"i", "you", "we", "they", "he", "she", "it", "who"},
    "modal": {
        "to",
        "can",
        "could",
        "will",
        "would",
        "should",
        "may",
        "might",
        "must",
        "don't",
        "doesn't",
        "didn't",
        "won't",
        "can't",
    },
    "degree": {"very", "really", "so", "quite", "pretty", "too", "extremely", "not", "much", "more", "most", "just"},
    "preposition": {"of", "for", "with", "in", "on", "from", "at", "about", "by"},
    "conjunction": {"and", "or"},
}
_SUFFIXES = (
    "ing", "ed", "ly", "tion", "ment", "ness", "ity", "er", "or", "s", "al", "ive", "y", "able", "est", "ful",
)  # fmt: skip
_LEAST_SHARED = 2


def describe(reviews: Reviews) -> np.ndarray:
    """What each candidate looks like and stands beside, standardised within the reviews: shape (candidates, d)."""
    number = {word: i for i, word in enumerate(reviews.candidates)}
    kinds = [*_CLASSES, "candidate", "mark or edge"]
    sides = np.zeros((len(number), 2 * len(kinds) + 1))
    for sentence in reviews.sentences:
        for j, word in enumerate(sentence):
            i = number.get(word)
            if i is None:
                continue
            before = sentence[j - 1] if j else ""
            after = sentence[j + 1] if j + 1 < len(sentence) else ""
            for side, neighbour in ((0, before), (len(kinds), after)):
                for k, kind in enumerate(kinds):
                    sides[i, side + k] += _is(neighbour, kind, number)
            further = sentence[j - 2] if j > 1 else ""
            sides[i, -1] += further in _CLASSES["determiner"] and before not in _CLASSES["determiner"]
    counts = np.array([reviews.counts[word] for word in reviews.candidates], dtype=np.float64)
    ends = np.array([[word.endswith(s) for s in _SUFFIXES] for word in reviews.candidates], dtype=np.float64)
    length = np.array([len(word) for word in reviews.candidates], dtype=np.float64)
    columns = np.column_stack([np.log(counts), np.log(counts) ** 2, length, sides / counts[:, None], ends])
    return (columns - columns.mean(axis=0)) / (columns.std(axis=0) + 1e-9)


def _is(token: str, kind: str, candidates: dict[str, int]) -> bool:
    if kind == "candidate":
        return token in candidates
    return not token.isalpha() if kind == "mark or edge" else token in _CLASSES[kind]


def incidence(reviews: Reviews) -> dict[str, Any]:
    """For each relation the bipartite graph: a CSR matrix (candidates × contexts) of log(1 + count)."""
    from scipy import sparse

    number = {word: i for i, word in enumerate(reviews.candidates)}
    edges: dict[str, Counter[tuple[int, tuple[str, ...]]]] = {relation: Counter() for relation in RELATIONS}
    for sentence in reviews.sentences:
        s = [*EDGE, *sentence, *EDGE]
        for j, word in enumerate(s):
            i = number.get(word) if word else None
            if i is not None:
                edges["left"][i, (s[j - 1],)] += 1
                edges["right"][i, (s[j + 1],)] += 1
                edges["two left"][i, (s[j - 2], s[j - 1])] += 1
                edges["two right"][i, (s[j + 1], s[j + 2])] += 1
                edges["around"][i, (s[j - 1], s[j + 1])] += 1
    graphs = {}
    for relation, counted in edges.items():
        contexts: dict[tuple[str, ...], int] = {}
        rows = [i for i, _ in counted]
        columns = [contexts.setdefault(context, len(contexts)) for _, context in counted]
        values = np.log1p(np.array(list(counted.values()), dtype=np.float64))
        matrix = sparse.csr_matrix((values, (rows, columns)), shape=(len(number), len(contexts)))
        graphs[relation] = matrix[:, np.asarray((matrix > 0).sum(axis=0)).ravel() >= _LEAST_SHARED]
    return graphs


def relation_weights(reviews: Reviews, aspect: np.ndarray) -> np.ndarray:
    """What each relation tells of aspects in a labelled domain: shape (relations,), from 0 to 1.

    The correlation, over the graph's edges, of whether a word is an aspect with the share of aspects among the
    other words of the same context.
    """
    weights = []
    for matrix in incidence(reviews).values():
        graph = (matrix > 0).astype(np.float64).tocoo()
        total, hits = np.asarray(graph.sum(axis=0)).ravel(), graph.T @ aspect
        others = (hits[graph.col] - aspect[graph.row]) / np.maximum(total[graph.col] - 1, 1)
        known = np.std(others) > 0 and np.std(aspect[graph.row]) > 0
        weights.append(max(0.0, float(np.corrcoef(others, aspect[graph.row])[0, 1])) if known else 0.0)
    return np.array(weights)


def likeness(reviews: Reviews, weights: np.ndarray) -> np.ndarray:
    """How alike the candidates' contexts are: the cosine in each relation's graph, averaged by the weights."""
    n = len(reviews.candidates)
    total = np.zeros((n, n))
    if not weights.sum() > 0:
        return total
    for matrix, weight in zip(incidence(reviews).values(), weights, strict=True):
        norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        scaled = matrix.multiply(1.0 / np.maximum(norms, 1e-9)[:, None]).tocsr()
        total += weight / weights.sum() * (scaled @ scaled.T).toarray()
    return total


def from_neighbours(scores: np.ndarray, alike: np.ndarray, ridge: float) -> np.ndarray:
    """What the other words with like contexts say of each word: leave-one-out kernel ridge regression of scores."""
    centred = scores - scores.mean()
    hat = np.linalg.solve(alike + ridge * np.eye(len(scores)), alike).T
    own = np.diag(hat)
    return np.asarray((hat @ centred - own * centred) / (1.0 - own))
