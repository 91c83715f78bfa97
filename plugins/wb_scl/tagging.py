"""Structural correspondence learning for tagging."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from wb_scl import pivots as choosing
from wb_scl import predictors
from wb_scl.encoder import SCLTaggerModel, SharedEncoder
from wb_scl.pivots import OFFSETS, Pivot
from wb_scl.projection import Projection, decompose
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
    The tagger is a CRF, not MIRA; predictor weights are square-rooted before the decomposition, which damps the few
    very frequent pivots; the pivots' threshold falls with the amount of text; self-training is optional.

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
        dimensions: int = Field(
            50, ge=1, le=1000, description="Projected features h for each feature type.", json_schema_extra={"source": PAPER}
        )
        alpha: float = Field(0.3, gt=0, le=100, description="Scale of the projected features, in standard deviations.")
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
        model = SCLTaggerModel.train(
            encoder, gold, problem.classes, params.training(), problem.seed, progress.update
        )
        added = 0
        if params.self_training:
            more = surest(model, problem, params)
            added = len(more.sentences)
            model = SCLTaggerModel.train(
                encoder, gold + more, problem.classes, params.training(), problem.seed, progress.update
            )
        model.notes = {
            "pivots": len(encoder.pivots),
            "features": len(encoder.space),
            "projected_features": encoder.projection.width,
            "self_training_sentences": added,
        }
        if params.pivots is not None and len(encoder.pivots) < params.pivots:
            model.warnings = (
                f"{params.pivots} pivots were asked for, {len(encoder.pivots)} words are frequent enough in both "
                "domains; lower --pivot-threshold for more",
            )
        return model

    def _encoder(
        self, source: Sentences, target: Sentences, problem: Problem, progress: Progress
    ) -> SharedEncoder:
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
        tables, starts, singular = {}, {}, {}
        for group, rows in space.group_slices().items():
            blocks = [np.sqrt(block[rows]) for block in weights.values()]
            tables[group], values = decompose(blocks, self.params.dimensions)
            starts[group], singular[group] = rows.start, [round(float(v), 4) for v in values]
        projection = Projection(tables, starts, COLUMNS, self.params.alpha).fit_scales(ids)
        listed = [[p.word, p.source_count, p.target_count] for p in chosen]
        return SharedEncoder(space, projection, listed, singular)

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
