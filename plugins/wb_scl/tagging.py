"""Structural correspondence learning for tagging."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import partial
from typing import ClassVar

from pydantic import Field

from wb_scl.encoder import Inspection, SCLTaggerModel, SharedEncoder
from wb_scl.pivots import by_tag_information
from wb_scl.representation import SharedParams, learn
from wb_text.tagging.consensus import settle_words
from wb_text.tagging.methods import SelfTrainingParams, labelled_text, source_text, surest
from wb_text.tagging.tagger import TaggedText
from wb_text.tagging.words import Sentences
from workbench.data.domains import Problem
from workbench.methods.contract import Method, Model
from workbench.progress import Progress


class SCLTagging(Method):
    """Structural correspondence learning (SCL) for part-of-speech tagging.

    Pivots are words that are frequent in both domains' unlabelled text, left of, at and right of a token, and word
    shapes beside it. For each pivot a linear predictor learns from all other features whether it stands there. The
    leading singular vectors of these predictors, taken for each feature type, are features that mean the same in both
    domains: the tagger gets them beside its own.

    Differs from the paper
    ----------------------
    The tagger is a CRF, not MIRA, on features without prefixes. Pivot words come with shapes beside the token; a
    pivot's threshold, 50 in the paper, falls with the square root of the text, and h grows with the number of
    pivots (50 to 128 for each feature type). The predictors (modified Huber loss, negative weights set to zero, as
    in the paper) take one pass of stochastic gradient descent. Before the decomposition their weights are
    square-rooted and every feature's row is brought to unit length for each offset, so that few very frequent
    pivots and features do not fill the leading dimensions. Projected features have one standard deviation for each
    feature type, are cut at eight of them, and are weighed by a fixed ``--alpha``. A word's mean tag distribution
    over the target's text adds to its weights, the more the rarer the word is in the labelled text
    (``--consensus``; 0 for the paper's method alone). Self-training is optional. The paper's second use, with
    labelled target text, is ``--shots``: its sentences join the source's, no second model is trained.

    References
    ----------
    Blitzer, McDonald & Pereira (EMNLP 2006), Domain adaptation with structural correspondence learning.
    """

    model: ClassVar[type[Model]] = SCLTaggerModel

    class Params(SharedParams, SelfTrainingParams):
        """Settings of the shared representation, the tagger and self-training."""

        consensus: float = Field(
            2.0, ge=0, le=10, description="Weight of a rare word's mean tag distribution over the target; 0: none."
        )
        self_training: bool = Field(False, description="Afterwards learn from the surest self-tagged target sentences.")

    def fit(self, problem: Problem, progress: Progress) -> SCLTaggerModel:
        params = self.params
        progress.update(0.0, "features of the unlabelled text")
        encoder = self._encoder(problem, progress)
        gold = labelled_text(problem)
        model = self._tagger(encoder, gold, problem, progress)
        added = 0
        if params.self_training:
            more = surest(model, problem, params)
            added = len(more.sentences)
            model = self._tagger(encoder, gold + more, problem, progress)
        model.notes = {
            "pivots": len(encoder.inspection.pivots),
            "features": len(encoder.space),
            "projected_features": encoder.projection.width,
            "self_training_sentences": added,
        }
        frequent = len(encoder.inspection.pivots)
        if params.pivots is not None and frequent < params.pivots:
            model.warnings = (
                f"{params.pivots} pivots were asked for, {frequent} words are frequent enough in both domains; "
                "lower --pivot-threshold for more",
            )
        return model

    def _tagger(self, encoder: SharedEncoder, data: TaggedText, problem: Problem, progress: Progress) -> SCLTaggerModel:
        """A tagger trained on ``data``, its rare words settled by consensus."""
        params = self.params
        model = SCLTaggerModel.train(encoder, data, problem.classes, params.training(), problem.seed, progress.update)
        if params.consensus:
            progress.update(1.0, "rare words of the target")
            settle_words(model, data, problem.target.inputs, params.consensus)
        return model

    def _encoder(self, problem: Problem, progress: Progress) -> SharedEncoder:
        """The shared representation of both domains' unlabelled text, and what people can look at in it."""
        params, target = self.params, problem.target.inputs
        order = partial(by_tag_information, problem=problem) if params.pivot_choice == "mutual-information" else None
        names = problem.source.name, problem.target.name
        shared = learn(source_text(problem), target, params, params.minimum_count, problem.seed, progress, names, order)
        inspection = Inspection(shared.pivots, lexicon_of(problem), common_words(target), shared.right)
        return SharedEncoder(shared.space, shared.projection, inspection)


def lexicon_of(problem: Problem) -> dict[str, tuple[int, str]]:
    """Every labelled source word with its count and its most frequent tag."""
    seen: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for domain in problem.sources:
        for words, tags in zip(domain.inputs, domain.labels, strict=True):
            for word, tag in zip(words, tags.tolist(), strict=True):
                seen[word][tag] += 1
    best = {word: counts.most_common(1)[0][0] for word, counts in seen.items()}
    return {word: (counts.total(), problem.classes[best[word]]) for word, counts in seen.items()}


def common_words(sentences: Sentences, least: int = 3) -> dict[str, int]:
    """Counts of the words that occur at least ``least`` times."""
    counts = Counter(word for sentence in sentences for word in sentence)
    return {word: n for word, n in counts.items() if n >= least}
