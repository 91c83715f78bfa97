"""Tagging methods: the source-only tagger and two strong companions that use its confidence or weigh its text."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from wb_text.tagging.features import FeatureSpace
from wb_text.tagging.tagger import Encoder, TaggedText, TaggerModel, Training
from wb_text.tagging.words import Sentences, Text
from workbench.data.domains import Problem, pool
from workbench.methods.contract import Method, Model
from workbench.progress import Progress
from workbench.scoring.statistics import effective_sample_size
from workbench.settings import Settings


class TaggerParams(Settings):
    """Settings that every tagging method shares with its baseline."""

    epochs: int = Field(6, ge=1, le=200, description="Passes of the tagger over its training text.")
    rate: float = Field(0.25, gt=0, le=10, description="Step size of AdaGrad for the tagger.")
    minimum_count: int = Field(
        3, ge=1, le=1000, description="Leave out features rarer than this in the text that the method sees."
    )

    def training(self) -> Training:
        return Training(epochs=self.epochs, rate=self.rate)


def labelled_text(problem: Problem) -> TaggedText:
    """The labelled source sentences and, where the user gave some, the target shots."""
    domain = pool([*problem.sources, *([problem.shots] if problem.shots is not None else [])])
    return TaggedText.of(domain.inputs, domain.labels)


def source_text(problem: Problem) -> Sentences:
    """All source sentences, the labelled ones once (the unlabelled split holds them where it exists)."""
    labelled = [sentence for domain in problem.sources for sentence in domain.inputs]
    return labelled if problem.source_unlabelled is None else [*labelled, *problem.source_unlabelled.inputs]


class SourceOnlyTagger(Method):
    """A linear-chain CRF on context features, trained on the labelled source alone.

    Nothing of the target is used; the source's unlabelled text only decides which features are common enough.

    Differs from the paper
    ----------------------
    Trained by AdaGrad, one sentence a step, for a fixed number of passes and without a prior on the sparse weights
    (the early end is what regularises them), where Lafferty et al. scale iteratively to the optimum. Of
    Ratnaparkhi's features there are no prefixes and no tags but the previous one; suffixes and shape are asked of
    every word, rare or not.

    References
    ----------
    Lafferty, McCallum & Pereira (ICML 2001). Features after Ratnaparkhi (EMNLP 1996).
    """

    model: ClassVar[type[Model]] = TaggerModel

    class Params(TaggerParams):
        """The tagger's settings."""

    def fit(self, problem: Problem, progress: Progress) -> TaggerModel:
        space = FeatureSpace.fit(Text(source_text(problem)), self.params.minimum_count)
        return TaggerModel.train(
            Encoder(space),
            labelled_text(problem),
            problem.classes,
            self.params.training(),
            problem.seed,
            progress.update,
        )


class SelfTrainingParams(TaggerParams):
    """Settings of self-training, shared with methods that add it."""

    self_training_sentences: int = Field(
        4000, ge=1, le=1_000_000, description="How many of the surest target sentences are learnt from, at most."
    )
    self_training_weight: float = Field(0.5, gt=0, le=1, description="What a self-tagged sentence counts.")


def surest(model: TaggerModel, problem: Problem, params: SelfTrainingParams) -> TaggedText:
    """The target sentences that the model tags with most confidence, with its tags, at the given weight.

    At most half of the target's sentences: the surest half of a small target is still mostly right.
    """
    tags, certain = model.confidence(problem.target.inputs)
    wanted = min(params.self_training_sentences, max(1, len(tags) // 2))
    chosen = np.sort(np.argsort(-certain, kind="stable")[:wanted])
    sentences = [problem.target.inputs[i] for i in chosen]
    weights = np.full(len(chosen), params.self_training_weight)
    return TaggedText.of(sentences, [tags[i] for i in chosen], weights)


class SelfTraining(Method):
    """Tag the target, keep the surest sentences with their tags, train again on both.

    Differs from the paper
    ----------------------
    A tagger in the place of parser and reranker, and one round. McClosky et al. add all self-labelled sentences;
    here the surest half at most (by the mean marginal probability of the predicted tags), at half the weight of a
    labelled one.

    References
    ----------
    McClosky, Charniak & Johnson (NAACL 2006), Effective self-training for parsing.
    """

    model: ClassVar[type[Model]] = TaggerModel

    class Params(SelfTrainingParams):
        """Settings of the tagger and of self-training."""

    def fit(self, problem: Problem, progress: Progress) -> TaggerModel:
        params: SelfTrainingParams = self.params
        text = Text([*source_text(problem), *problem.target.inputs])
        encoder = Encoder(FeatureSpace.fit(text, params.minimum_count))
        gold = labelled_text(problem)
        first = TaggerModel.train(encoder, gold, problem.classes, params.training(), problem.seed, progress.update)
        added = surest(first, problem, params)
        model = TaggerModel.train(
            encoder, gold + added, problem.classes, params.training(), problem.seed, progress.update
        )
        model.notes = {"self_training_sentences": len(added.sentences)}
        return model


class ImportanceWeighting(Method):
    """Source sentences count by how target-like they are: a domain classifier's odds, on average one.

    Differs from the paper
    ----------------------
    Two steps, where Bickel et al. fit the weights and the classifier as one problem. The odds are of whole
    sentences, from logistic regression on the TF-IDF of their words with three-fold cross-fitting, so that no
    sentence's odds come from a classifier that saw it; probabilities are cut at .001 and .999, and the odds are
    raised to ``--smoothing`` (1 for the papers' weights).

    References
    ----------
    Bickel, Brückner & Scheffer (ICML 2007): weights from a discriminative classifier; Jiang & Zhai (ACL 2007).
    """

    model: ClassVar[type[Model]] = TaggerModel

    class Params(TaggerParams):
        """Settings of the tagger and of the weights."""

        smoothing: float = Field(0.5, ge=0, le=1, description="Power of the odds: 0 gives equal weights.")

    def fit(self, problem: Problem, progress: Progress) -> TaggerModel:
        gold = labelled_text(problem)
        text = Text([*source_text(problem), *problem.target.inputs])
        encoder = Encoder(FeatureSpace.fit(text, self.params.minimum_count))
        weights = domain_odds(gold.sentences, problem.target.inputs, problem.seed) ** self.params.smoothing
        weights *= len(weights) / weights.sum()
        data = TaggedText(gold.sentences, gold.tags, weights)
        model = TaggerModel.train(encoder, data, problem.classes, self.params.training(), problem.seed, progress.update)
        effective = effective_sample_size(weights)
        model.notes = {"effective_sample_size": round(effective, 1)}
        if effective < 0.1 * len(weights):
            model.warnings = (
                f"the weights rest on {effective:.0f} of {len(weights)} source sentences; lower --smoothing",
            )
        return model


def domain_odds(source: Sentences, target: Sentences, seed: int) -> np.ndarray:
    """P(target) / P(source) of every source sentence, by cross-fitted logistic regression on its words."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    both = [" ".join(sentence) for sentence in [*source, *target]]
    label = np.r_[np.zeros(len(source)), np.ones(len(target))]
    if min(len(source), len(target)) < 3:
        return np.ones(len(source))
    features = TfidfVectorizer(token_pattern=r"\S+", min_df=1, sublinear_tf=True).fit_transform(both)
    folds = StratifiedKFold(3, shuffle=True, random_state=seed)
    classifier = LogisticRegression(max_iter=300, class_weight="balanced")
    p = cross_val_predict(classifier, features, label, cv=folds, method="predict_proba")[: len(source), 1]
    return np.clip(p, 1e-3, 1 - 1e-3) / (1 - np.clip(p, 1e-3, 1 - 1e-3))
