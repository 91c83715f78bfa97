"""The tasks of aspect words and of opinion words, and how they are scored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from wb_relation.aspects.reviews import ASPECT, OPINION, OTHER, Candidate, Reviews, reviews_of
from wb_relation.evaluator import average_precision, one_hot
from workbench.data.domains import Domain, Predictions, Problem
from workbench.data.inputs import Inputs, Labels
from workbench.data.tasks import Task
from workbench.errors import UsageError
from workbench.scoring.evaluators import Evaluator
from workbench.scoring.metrics import Metric, Scores


class AspectTask(Task):
    """Which words of reviews name an aspect of the product."""

    unit = "words"
    classes: ClassVar[tuple[str, str]] = (ASPECT, OTHER)
    """The kind of words that is looked for, and the rest."""

    def counts(self, domain: Domain) -> dict[str, int]:
        sentences = sum(len(reviews.sentences) for reviews in reviews_of(domain.inputs))
        return {"words": len(domain), "sentences": sentences}

    def class_names(self, names: Any) -> tuple[str, ...]:
        return self.classes

    def encode(self, names: Any, classes: tuple[str, ...]) -> Labels:
        return np.array([classes.index(name) for name in names], dtype=np.int64)

    def parse(self, text: str) -> Inputs:
        raise UsageError("aspects are found in whole reviews: give a file by --file")

    def render(self, inputs: Inputs, predictions: Predictions) -> list[str]:
        p = predictions.probabilities[:, 0]
        order = np.argsort(-p, kind="stable")
        return [f"{p[i]:.3f}\t{predictions.classes[predictions.labels[i]]}\t{inputs[i].word}" for i in order]

    def rows(self, inputs: Inputs, labels: Labels, classes: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        for candidate, y in zip(inputs, labels, strict=True):
            yield {"input": candidate.word, "label": classes[y]}

    def example(self, seed: int) -> tuple[Domain, Domain]:
        generator = np.random.default_rng(seed)
        return (
            _toy("cameras", "lens zoom flash menu", "sharp great slow awful", self.classes, generator),
            _toy("phones", "screen keypad ringtone case", "bright solid dull cheap", self.classes, generator),
        )


class OpinionTask(AspectTask):
    """Which words of reviews say an opinion."""

    classes = (OPINION, OTHER)


def _toy(name: str, aspects: str, opinions: str, classes: tuple[str, str], generator: np.random.Generator) -> Domain:
    """Sentences that say of some words how good they are, and of others what one does."""
    nouns, kinds = aspects.split(), opinions.split()
    verbs = ["bought", "returned", "carried", "wanted", "liked", "charged"]
    sentences = []
    for _ in range(200):
        noun, kind, verb = (str(generator.choice(words)) for words in (nouns, kinds, verbs))
        phrases = [
            f"the {noun} is very {kind} .",
            f"i {verb} it last week .",
            f"its {noun} was too {kind} and i {verb} it .",
        ]
        sentences.append(tuple(str(generator.choice(phrases)).split()))
    reviews = Reviews(name, tuple(sentences))
    wanted = nouns if classes[0] == ASPECT else kinds
    labels = np.array([0 if word in wanted else 1 for word in reviews.candidates])
    task = "aspects" if classes[0] == ASPECT else "opinions"
    return Domain(name, task, [Candidate(reviews, word) for word in reviews.candidates], labels, classes)


def r_precision(sums: np.ndarray) -> np.ndarray:
    """Precision among the R first, R the number of true ones; ties at the border count in part."""
    true, all_ = np.split(sums, 2, axis=1)
    wanted = true.sum(axis=1, keepdims=True)
    before = np.cumsum(all_, axis=1) - all_
    share = np.clip((wanted - before) / np.maximum(all_, 1e-12), 0.0, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((true * share).sum(axis=1) / wanted[:, 0])


class AspectEvaluator(Evaluator):
    """Average precision of the ranking, and R-precision: the share of right words among as many first ones."""

    computes = (*Evaluator.computes, average_precision, r_precision)

    def score(self, gold: Domain, predictions: Predictions, problem: Problem) -> Scores:
        wanted = next(name for name in gold.classes if name != OTHER)
        truth = np.asarray(gold.labels) == gold.classes.index(wanted)
        p = np.asarray(predictions.probabilities)[:, predictions.classes.index(wanted)]
        sums = one_hot(p, truth)
        return Scores(
            {
                "average_precision": Metric(sums, average_precision, "average precision"),
                "r_precision": Metric(sums, r_precision, "R-precision"),
            }
        )
