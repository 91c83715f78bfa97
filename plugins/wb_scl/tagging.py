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
from wb_text.tagging.features import GROUPS, TEMPLATES, FeatureSpace
from wb_text.tagging.methods import SelfTrainingParams, labelled_text, source_text, surest
from wb_text.tagging.words import BOUNDARY, Sentences, Text
from workbench.domains import Problem
from workbench.errors import WbError
from workbench.methods import Method, Model
from workbench.progress import Progress

COLUMNS = {group: np.array([i for i, t in enumerate(TEMPLATES) if t.group == group]) for group in GROUPS}
VISIBLE = {offset: np.array([i for i, t in enumerate(TEMPLATES) if t.offset != offset]) for offset in OFFSETS}
"""The templates that may be looked at when a pivot at an offset is predicted: the others would give it away."""

PAPER = "Blitzer et al. 2006"


class SCLTagging(Method):
    """Structural correspondence learning (SCL) for part-of-speech tagging.

    Pivots are words that are frequent in both domains' unlabelled text. For each pivot, left of, at and right of a
    token, a linear predictor learns from all other features whether it stands there. The leading singular vectors
    of these predictors, taken for each feature type, are features that mean the same in both domains: the tagger
    gets them beside its own.

    Differs from the paper
    ----------------------
    The tagger is a CRF, not MIRA; before the decomposition predictor weights are square-rooted and every feature's
    row is brought to unit length for each offset, so that few very frequent pivots and features do not fill the
    leading dimensions; the pivots' threshold falls with the amount of text; self-training is optional.

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
            description="Projected features h for each feature type; half the pivot words, 50 to 100, by default.",
            json_schema_extra={"source": PAPER},
        )
        alpha: float = Field(0.5, gt=0, le=100, description="Scale of the projected features, in standard deviations.")
        predictor: Literal["huber", "ridge"] = Field(
            "huber", description="Loss of the pivot predictors: modified Huber, or least squares in closed form."
        )
        predictor_epochs: int = Field(1, ge=1, le=50, description="Passes of the predictors over the unlabelled text.")
        threads: int = Field(1, ge=1, le=64, description="Predictors trained at a time; changes no result.")
        self_training: bool = Field(False, description="Afterwards learn from the surest self-tagged target sentences.")

    def fit(self, problem: Problem, progress: Progress) -> SCLTaggerModel:
        params = self.params
        progress.update(0.0, "features of the unlabelled text")
        source, target = source_text(problem), problem.target.inputs
        encoder = self._encoder(source, target, problem, progress)
        gold = labelled_text(problem)
        model = SCLTaggerModel.train(encoder, gold, problem.classes, params.training(), problem.seed, progress.update)
        added = 0
        if params.self_training:
            more = surest(model, problem, params)
            added = len(more.sentences)
            model = SCLTaggerModel.train(
                encoder, gold + more, problem.classes, params.training(), problem.seed, progress.update
            )
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

    def _encoder(self, source: Sentences, target: Sentences, problem: Problem, progress: Progress) -> SharedEncoder:
        """Pivots, predictors and their decomposition from the unlabelled text of both domains."""
        text = Text([*source, *target])
        space = FeatureSpace.fit(text, self.params.minimum_count)
        ids = space.transform(text)
        chosen = self._pivots(Text(source), Text(target), problem)
        words = [BOUNDARY, *(pivot.word for pivot in chosen)]
        position = {word: i for i, word in enumerate(words)}
        pivot_of_type = np.array([position.get(word, -1) for word in text.types], dtype=np.int32)
        labels = {offset: pivot_of_type[text.at(offset)] for offset in OFFSETS}
        progress.update(0.1, f"predictors of {len(chosen)} pivot words at {len(OFFSETS)} offsets")
        train = predictors.train_on_tokens if self.params.predictor == "huber" else predictors.ridge_on_tokens
        weights = train(
            ids,
            len(space),
            VISIBLE,
            labels,
            len(words),
            epochs=self.params.predictor_epochs,
            seed=problem.seed,
            threads=self.params.threads,
            report=lambda fraction, message: progress.update(0.1 + 0.7 * fraction, message),
        )
        progress.update(0.8, "decomposing the predictors")
        tables, starts, right = {}, {}, {}
        for group, rows in space.group_slices().items():
            blocks = [evened(block[rows]) for block in weights.values()]
            found = decompose(blocks, self.params.dimensions or default_dimensions(len(chosen)))
            tables[group], right[group], starts[group] = found.table, found.right, rows.start
        projection = Projection(tables, starts, COLUMNS, self.params.alpha).fit_scales(ids)
        return SharedEncoder(space, projection, Inside(chosen, lexicon_of(problem), common_words(target), right))

    def _pivots(self, source: Text, target: Text, problem: Problem) -> list[Pivot]:
        """The pivot words; raises :class:`WbError` when the domains share none."""
        params = self.params
        threshold = params.pivot_threshold
        if threshold is None:
            threshold = choosing.default_threshold(min(len(source), len(target)))
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
    """h for a number of pivot words: half of them, between 50 and 100."""
    return min(100, max(50, pivots // 2))


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
