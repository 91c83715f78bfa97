"""Aspect and opinion words across products: a classifier from the source, and relations carried over with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from pydantic import Field

from wb_relation.aspects.contexts import RELATIONS, describe, from_neighbours, likeness, relation_weights
from wb_relation.aspects.reviews import OTHER, reviews_of
from wb_relation.logistic import fit_columns, sigmoid
from workbench.data.domains import Predictions, Problem
from workbench.data.inputs import Inputs
from workbench.methods.contract import Method, Model
from workbench.progress import Progress
from workbench.settings import Settings

if TYPE_CHECKING:
    from workbench.plugins.loading import Host

RIDGE = 10.0
"""Precision of the classifier's weights on standardised features."""

NEIGHBOURS_RIDGE, NEIGHBOURS_WEIGHT = 10.0, 2.0
"""Chosen on the product reviews, as the classifier's precision: the twenty pairs are no test of these three."""


def wanted_of(problem: Problem) -> str:
    """The kind of words that the problem is about."""
    return next(name for name in problem.classes if name != OTHER)


class AspectModel(Model):
    """P(word is of the wanted kind), by its own looks and by the words with like contexts in the same reviews.

    Parameters
    ----------
    weights : ndarray, shape (d,)
        Of the classifier; empty ranks by frequency alone.
    intercept : float
    relations : ndarray, shape (relations,)
        Of the graph; all zeros leave the classifier alone.
    wanted : str
        The kind of words: aspect or opinion.
    """

    def __init__(self, weights: np.ndarray, intercept: float, relations: np.ndarray, wanted: str) -> None:
        self.weights, self.intercept, self.relations = weights, intercept, relations
        self.classes = (wanted, OTHER)

    def predict(self, inputs: Inputs) -> Predictions:
        known: dict[tuple[int, str], float] = {}
        for reviews in reviews_of(inputs):
            scores = describe(reviews)[:, 0] if not len(self.weights) else self._classified(describe(reviews))
            if self.relations.any():
                neighbours_scores = from_neighbours(scores, likeness(reviews, self.relations), NEIGHBOURS_RIDGE)
                scores = sigmoid(
                    4.0 * (scores + NEIGHBOURS_WEIGHT * neighbours_scores - 0.5)
                )  # back into 0 … 1, in order
            known |= {(id(reviews), word): s for word, s in zip(reviews.candidates, scores.tolist(), strict=True)}
        p = np.array([known[id(c.reviews), c.word] for c in inputs])
        if not len(self.weights):
            p = sigmoid(p + self.intercept)
        return Predictions(np.where(p > 0.5, 0, 1), self.classes, np.stack([p, 1 - p], axis=1))

    def _classified(self, columns: np.ndarray) -> np.ndarray:
        return sigmoid(columns @ self.weights + self.intercept)

    def save(self, folder: Path) -> None:
        values: dict[str, Any] = {
            "weights": self.weights.tolist(),
            "intercept": self.intercept,
            "relations": self.relations.tolist(),
        }
        values["wanted"] = self.classes[0]
        (folder / "aspects.json").write_text(json.dumps(values), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, host: Host) -> Self:
        values = json.loads((folder / "aspects.json").read_text(encoding="utf-8"))
        return cls(np.array(values["weights"]), values["intercept"], np.array(values["relations"]), values["wanted"])


class AspectClassifier(Method):
    """Logistic regression on frequency, form and neighbouring word classes, learnt on the source alone.

    Differs from the paper
    ----------------------
    Nothing: there is none, it is the learner of ``rap`` without the relations.
    """

    model: ClassVar[type[Model]] = AspectModel

    class Params(Settings):
        """The classifier's strength of regularisation."""

        ridge: float = Field(RIDGE, gt=0, le=1e6, description="Precision of the weights' prior.")

    def fit(self, problem: Problem, progress: Progress) -> AspectModel:
        weights, intercept = self._classifier(problem)
        return AspectModel(weights, intercept, np.zeros(len(RELATIONS)), wanted_of(problem))

    def _classifier(self, problem: Problem) -> tuple[np.ndarray, float]:
        columns, aspect = [], []
        for domain in problem.sources:
            of_word = {(id(c.reviews), c.word): y for c, y in zip(domain.inputs, domain.labels, strict=True)}
            yes = domain.classes.index(wanted_of(problem))
            for reviews in reviews_of(domain.inputs):
                kept = [i for i, word in enumerate(reviews.candidates) if (id(reviews), word) in of_word]
                columns.append(describe(reviews)[kept])
                aspect += [float(of_word[id(reviews), reviews.candidates[i]] == yes) for i in kept]
        x = np.concatenate(columns)
        return fit_columns(x, np.array(aspect), np.zeros(x.shape[1]), np.full(x.shape[1], self.params.ridge))


class AspectFrequency(Method):
    """Words by how often they occur: what no learning gives.

    Differs from the paper
    ----------------------
    Hu & Liu mine frequent noun phrases and prune them; here single words are ranked, without a tagger.

    References
    ----------
    Hu & Liu (KDD 2004), Mining and summarizing customer reviews.
    """

    model: ClassVar[type[Model]] = AspectModel

    def fit(self, problem: Problem, progress: Progress) -> AspectModel:
        return AspectModel(np.zeros(0), 0.0, np.zeros(len(RELATIONS)), wanted_of(problem))


class RelationalAspects(AspectClassifier):
    """Aspect words by the source's classifier and a graph of words and contexts with the source's relation weights.

    In the target every candidate is tied to the contexts it stands in, by five relations. What each relation tells
    of aspects is measured in the source; words with like contexts then lend each other their scores.

    Differs from the paper
    ----------------------
    RAP extracts aspect and opinion words together, in rounds: patterns of a dependency parser between the two
    kinds, seeds of an opinion lexicon, source examples reweighted as in TrAdaBoost, and a bipartite graph that
    propagates scores. Here each kind has a task of its own; relations are adjacency in the text, contexts are any
    words, no lexicon and no parser is needed, no source example is reweighted, and instead of rounds the scores are
    smoothed once, by leave-one-out kernel ridge regression on the graph. Ridge and weights were chosen on the
    product reviews.

    References
    ----------
    Li, Pan, Jin, Yang & Zhu (ACL 2012), Cross-domain co-extraction of sentiment and topic lexicons.
    """

    def fit(self, problem: Problem, progress: Progress) -> AspectModel:
        weights, intercept = self._classifier(problem)
        relations = []
        for domain in problem.sources:
            yes = domain.classes.index(wanted_of(problem))
            for reviews in reviews_of(domain.inputs):
                labels = {c.word: y for c, y in zip(domain.inputs, domain.labels, strict=True) if c.reviews is reviews}
                aspect = np.array([float(labels.get(word) == yes) for word in reviews.candidates])
                relations.append(relation_weights(reviews, aspect))
        carried = np.mean(relations, axis=0)
        model = AspectModel(weights, intercept, carried, wanted_of(problem))
        model.notes = {"relations": dict(zip(RELATIONS, carried.round(4).tolist(), strict=True))}
        return model
