"""Scores of a tagger, clustered by sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import chain
from typing import Any

import numpy as np

from wb_text.evaluators.alignment import Aligned, align, flat
from wb_text.evaluators.changes import changes
from workbench.data.domains import Domain, Predictions, Problem
from workbench.scoring.evaluators import Evaluator
from workbench.scoring.metrics import Metric, Scores, macro_f1

MERGED = {"NNP": "NN", "NNPS": "NNS"}
"""Gene and cell names are common nouns in biomedical treebanks and proper nouns in newswire."""


class TaggingEvaluator(Evaluator):
    """Accuracy on all, unknown and ambiguous words and on whole sentences; macro-F1; per tag."""

    def score(self, gold: Domain, predictions: Predictions, problem: Problem) -> Scores:
        aligned = align(gold, predictions)
        words = list(chain.from_iterable(gold.inputs))
        tags_of = source_lexicon(problem)
        seen = np.array([len(tags_of.get(word, ())) for word in words], dtype=np.int64)
        masks = {
            "accuracy": ("accuracy, all words", np.ones(len(words), dtype=bool)),
            "accuracy_unknown": ("accuracy, unknown words", seen == 0),
            "accuracy_ambiguous": ("accuracy, ambiguous words", seen > 1),
        }
        metrics = {
            name: _accuracy(aligned, aligned.right, mask, title) for name, (title, mask) in masks.items() if mask.any()
        }
        metrics["accuracy_sentences"] = _sentences(aligned)
        metrics["macro_f1"] = _macro_f1(aligned)
        shared = np.isin(aligned.gold, [aligned.names.index(n) for n in problem.classes if n in aligned.names])
        if shared.any() and not shared.all():
            title = "accuracy, tags that the source has"
            metrics["accuracy_shared_tags"] = _accuracy(aligned, aligned.right, shared, title)
        # By the data, not by the predictions: both models of a comparison must have the same figures.
        if {"NN", "NNP"} <= {*gold.classes, *problem.classes}:
            merged = np.array([aligned.names.index(merge(n, aligned.names)) for n in aligned.names])
            right = merged[aligned.gold] == merged[aligned.predicted]
            metrics["accuracy_nn_nnp_merged"] = _accuracy(
                aligned, right, np.ones(len(words), dtype=bool), "accuracy, NN/NNP merged"
            )
        return Scores(metrics, {"tags": per_tag(aligned), "confusions": confusions(aligned)})

    def changes(self, gold: Domain, baseline: Predictions, adapted: Predictions, problem: Problem) -> dict[str, Any]:
        return changes(gold, align(gold, baseline), align(gold, adapted), source_lexicon(problem))

    def notices(self, gold: Domain, problem: Problem) -> list[str]:
        lost = [i for i, name in enumerate(gold.classes) if name not in problem.classes]
        if not lost:
            return []
        tokens = flat(gold.labels)
        share = float(np.isin(tokens, lost).mean())
        names = ", ".join(gold.classes[i] for i in lost)
        return [
            f"the target has tags that the source lacks ({names}; {share:.1%} of its tokens): always errors in the "
            "strict figure, left out of 'tags that the source has'"
        ]


def merge(name: str, names: tuple[str, ...]) -> str:
    """The common-noun tag of a proper-noun tag, where the tag set has it."""
    merged = MERGED.get(name, name)
    return merged if merged in names else name


def source_lexicon(problem: Problem) -> Mapping[str, set[int]]:
    """The tags that each word has in the labelled source."""
    lexicon: defaultdict[str, set[int]] = defaultdict(set)
    for domain in problem.sources:
        for words, tags in zip(domain.inputs, domain.labels, strict=True):
            for word, tag in zip(words, tags.tolist(), strict=True):
                lexicon[word].add(tag)
    return lexicon


def per_sentence(aligned: Aligned, values: np.ndarray) -> np.ndarray:
    return np.bincount(aligned.sentence, weights=values, minlength=aligned.sentences)


def _accuracy(aligned: Aligned, right: np.ndarray, mask: np.ndarray, title: str) -> Metric:
    return Metric(np.stack([per_sentence(aligned, right & mask), per_sentence(aligned, mask)], axis=1), title=title)


def _sentences(aligned: Aligned) -> Metric:
    whole = per_sentence(aligned, ~aligned.right) == 0
    return Metric(np.stack([whole, np.ones(aligned.sentences)], axis=1), title="sentences without an error")


def _macro_f1(aligned: Aligned) -> Metric:
    """F1 averaged over the tags that occur in the gold; per sentence: hits, predicted and gold of each tag."""
    present = np.unique(aligned.gold)
    k = len(aligned.names)

    def table(tags: np.ndarray, mask: np.ndarray) -> np.ndarray:
        cells = np.bincount(aligned.sentence[mask] * k + tags[mask], minlength=aligned.sentences * k)
        return cells.reshape(aligned.sentences, k)[:, present]

    everything = np.ones(len(aligned.gold), dtype=bool)
    parts = [table(aligned.gold, aligned.right), table(aligned.predicted, everything), table(aligned.gold, everything)]
    return Metric(np.hstack(parts).astype(np.float64), compute=macro_f1, title="macro-F1 over tags")


def per_tag(aligned: Aligned) -> list[dict[str, Any]]:
    """Precision, recall, F1 and number of every tag in the gold."""
    rows = []
    for tag in np.unique(aligned.gold):
        gold, predicted = aligned.gold == tag, aligned.predicted == tag
        hits = int(np.count_nonzero(gold & predicted))
        precision, recall = hits / max(int(predicted.sum()), 1), hits / int(gold.sum())
        f1 = 2 * hits / int(gold.sum() + predicted.sum())
        name = aligned.names[tag]
        rows.append({"tag": name, "precision": precision, "recall": recall, "f1": f1, "gold": int(gold.sum())})
    return rows


def confusions(aligned: Aligned, top: int = 20) -> list[dict[str, Any]]:
    """The most frequent errors: gold tag, predicted tag, count."""
    k = len(aligned.names)
    wrong = ~aligned.right
    cells = np.bincount(aligned.gold[wrong] * k + aligned.predicted[wrong], minlength=k * k)
    order = np.argsort(-cells, kind="stable")[:top]
    return [
        {"gold": aligned.names[c // k], "predicted": aligned.names[c % k], "count": int(cells[c])}
        for c in order
        if cells[c]
    ]
