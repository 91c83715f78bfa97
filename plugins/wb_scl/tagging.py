"""Structural correspondence learning for tagging."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from wb_scl import pivots as choosing
from wb_scl import predictors
from wb_scl.encoder import Inside, SCLTaggerModel, SharedEncoder
from wb_scl.pivots import OFFSETS, Pivot
from wb_scl.projection import Projection, decompose, evened
from wb_text.tagging.consensus import settle_words
from wb_text.tagging.features import GROUPS, TEMPLATES, FeatureSpace
from wb_text.tagging.methods import SelfTrainingParams, labelled_text, source_text, surest
from wb_text.tagging.tagger import TaggedText
from wb_text.tagging.words import BOUNDARY, Sentences, Text
from workbench.domains import Problem
from workbench.errors import WbError
from workbench.methods import Method, Model
from workbench.progress import Progress

COLUMNS = {group: np.array([i for i, t in enumerate(TEMPLATES) if t.group == group]) for group in GROUPS}
VISIBLE = {offset: np.array([i for i, t in enumerate(TEMPLATES) if t.offset != offset]) for offset in OFFSETS}
"""The templates that may be looked at when a pivot at an offset is predicted: the others would give it away."""

SHAPE_SHARE = np.float32(0.5)
"""Scale of the shapes' predictors beside the words' in the decomposition, by the development text."""

PAPER = "Blitzer et al. 2006"


class SCLTagging(Method):
    """Structural correspondence learning (SCL) for part-of-speech tagging.

    Pivots are words that are frequent in both domains' unlabelled text, left of, at and right of a token, and word
    shapes beside it. For each pivot a linear predictor learns from all other features whether it stands there. The
    leading singular vectors of these predictors, taken for each feature type, are features that mean the same in both
    domains: the tagger gets them beside its own.

    Differs from the paper
    ----------------------
    The tagger is a CRF, not MIRA; before the decomposition predictor weights are square-rooted and every feature's
    row is brought to unit length for each offset, so that few very frequent pivots and features do not fill the
    leading dimensions; the pivots' threshold falls with the amount of text; shapes are pivots too. A word's mean tag
    distribution over the target's text adds to its weights, the more the rarer the word is in the labelled text
    (``--consensus``; 0 for the paper's method alone). Self-training is optional.

    References
    ----------
    Blitzer, McDonald & Pereira (EMNLP 2006), Domain adaptation with structural correspondence learning.
    """

    model: ClassVar[type[Model]] = SCLTaggerModel

    class Params(SelfTrainingParams):
        """Settings of the shared representation, the tagger and self-training."""

        pivots: int | None = Field(
            None, ge=1, le=100_000, description="At most so many pivot words; all above the threshold otherwise."
        )
        pivot_threshold: int | None = Field(
            None,
            ge=0,
            description="Count that a pivot exceeds in both domains; 50 at full size, less for small text.",
            json_schema_extra={"source": PAPER},
        )
        pivot_choice: Literal["frequency", "mutual-information"] = Field(
            "frequency", description="Which words above the threshold come first when --pivots cuts the list."
        )
        dimensions: int | None = Field(
            None,
            ge=1,
            le=1000,
            description="Projected features h for each feature type; by default two thirds of the pivots, 50 to 128.",
            json_schema_extra={"source": PAPER},
        )
        alpha: float = Field(0.5, gt=0, le=100, description="Scale of the projected features, in standard deviations.")
        predictor: Literal["huber", "ridge"] = Field(
            "huber", description="Loss of the pivot predictors: modified Huber, or least squares in closed form."
        )
        predictor_epochs: int = Field(1, ge=1, le=50, description="Passes of the predictors over the unlabelled text.")
        threads: int = Field(1, ge=1, le=64, description="Predictors trained at a time; changes no result.")
        consensus: float = Field(
            2.0, ge=0, le=10, description="Weight of a rare word's mean tag distribution over the target; 0: none."
        )
        self_training: bool = Field(False, description="Afterwards learn from the surest self-tagged target sentences.")

    def fit(self, problem: Problem, progress: Progress) -> SCLTaggerModel:
        params = self.params
        progress.update(0.0, "features of the unlabelled text")
        source, target = source_text(problem), problem.target.inputs
        encoder = self._encoder(source, target, problem, progress)
        gold = labelled_text(problem)
        model = self._tagger(encoder, gold, problem, progress)
        added = 0
        if params.self_training:
            more = surest(model, problem, params)
            added = len(more.sentences)
            model = self._tagger(encoder, gold + more, problem, progress)
        model.notes = {
            "pivots": len(encoder.about.pivots),
            "features": len(encoder.space),
            "projected_features": encoder.projection.width,
            "self_training_sentences": added,
        }
        if params.pivots is not None and len(encoder.about.pivots) < params.pivots:
            model.warnings = (
                f"{params.pivots} pivots were asked for, {len(encoder.about.pivots)} words are frequent enough in both "
                "domains; lower --pivot-threshold for more",
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

    def _encoder(self, source: Sentences, target: Sentences, problem: Problem, progress: Progress) -> SharedEncoder:
        """Pivots, predictors and their decomposition from the unlabelled text of both domains."""
        text = Text([*source, *target])
        space = FeatureSpace.fit(text, self.params.minimum_count)
        ids = space.transform(text)
        parts = Text(source), Text(target)
        threshold = self.params.pivot_threshold
        if threshold is None:
            threshold = choosing.default_threshold(min(map(len, parts)))
        chosen = self._pivots(*parts, threshold, problem)
        words = [BOUNDARY, *(pivot.word for pivot in chosen)]
        position = {word: i for i, word in enumerate(words)}
        pivot_of_type = np.array([position.get(word, -1) for word in text.types], dtype=np.int32)
        labels = {offset: pivot_of_type[text.at(offset)] for offset in OFFSETS}
        progress.update(0.1, f"predictors of {len(chosen)} pivot words at {len(OFFSETS)} offsets")
        words_of = self._predictors(ids, len(space), labels, len(words), problem.seed)
        shapes, count = choosing.shape_labels(text, *parts, threshold)
        progress.update(0.6, f"predictors of {count - 1} pivot shapes on {len(shapes)} sides")
        shapes_of = self._predictors(ids, len(space), shapes, count, problem.seed)
        progress.update(0.8, "decomposing the predictors")
        tables, starts, right = {}, {}, {}
        for group, rows in space.group_slices().items():
            evens = [evened(block[rows]) for block in words_of]
            evens += [SHAPE_SHARE * evened(block[rows]) for block in shapes_of]
            found = decompose(evens, self.params.dimensions or default_dimensions(len(chosen)))
            tables[group], starts[group] = found.table, rows.start
            right[group] = found.right[:, : len(OFFSETS) * len(words)]
        projection = Projection(tables, starts, COLUMNS, self.params.alpha).fit_scales(ids)
        return SharedEncoder(space, projection, Inside(chosen, lexicon_of(problem), common_words(target), right))

    def _predictors(
        self, ids: np.ndarray, features: int, labels: dict[int, np.ndarray], pivots: int, seed: int
    ) -> list[np.ndarray]:
        """The pivots' predictors at each place, (features, pivots) each."""
        params = self.params
        train = predictors.train_on_tokens if params.predictor == "huber" else predictors.ridge_on_tokens
        visible = {place: VISIBLE[place] for place in labels}
        found = train(
            ids, features, visible, labels, pivots, epochs=params.predictor_epochs, seed=seed, threads=params.threads
        )
        return [found[place] for place in labels]

    def _pivots(self, source: Text, target: Text, threshold: int, problem: Problem) -> list[Pivot]:
        """The pivot words; raises :class:`WbError` when the domains share none."""
        params = self.params
        counts = [dict(zip(text.types, text.counts().tolist(), strict=True)) for text in (source, target)]
        found = choosing.frequent(counts[0], counts[1], threshold)
        if not found:
            raise WbError(
                f"no pivots: no word occurs more than {threshold} times in both '{problem.source.name}' and "
                f"'{problem.target.name}'; lower --pivot-threshold or give more unlabelled text"
            )
        if params.pivot_choice == "mutual-information":
            found = choosing.by_tag_information(found, problem)
        return found[: params.pivots]


def default_dimensions(pivots: int) -> int:
    """h for a number of pivot words: two thirds of them, between 50 and 128."""
    return min(128, max(50, 2 * pivots // 3))


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
