"""Pretrained transformers as bodies: of words, of texts, with a language model's training or further features."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from wb_deep.bodies.model import torch_or_advice
from wb_pretrained.shared.body import Pretrained
from wb_pretrained.shared.settings import FittingParams
from workbench.data.domains import Domain, Problem
from workbench.data.inputs import concatenate
from workbench.progress import Progress

if TYPE_CHECKING:
    from wb_deep.bodies.contract import Preparation
    from wb_pretrained.shared.fitting import Fitting
    from wb_pretrained.text.encoders import Encoder
    from wb_pretrained.text.preparing import Sentences
    from wb_pretrained.text.word_features import WordFeatures


class TextParams(FittingParams):
    """Settings that fine-tuning shares with its baseline."""

    encoder: str = Field("minilm", description="minilm (bundled), a folder that save_pretrained wrote, or a hub name.")
    freeze: str = Field(
        "embeddings", description="What stays as it is: none, embeddings, all-but-head, or N, the lowest layers."
    )
    lora: int = Field(0, ge=0, le=512, description="Rank of low-rank adapters that are trained in the layers' place.")


class WordParams(TextParams):
    """The same where the head reads vectors of words."""

    word: Literal["first", "mean", "ends"] = Field(
        "ends", description="Its pieces that stand for a word: the first, the mean of all, or the first and the last."
    )


class LanguageModelParams(TextParams):
    """The same with the language model's training."""

    adapt_lm: float = Field(
        2.0, ge=0, le=1000, description="Passes of masked-language-model training over the target's text; 0: none."
    )
    adapt_rate: float = Field(1e-4, gt=0, le=1, description="Its step size at its height.")


class HeadFeaturesParams(WordParams):
    """The same with further features of words."""

    head_features: str = Field(
        "", description="Features of words that the head reads beside the vectors, e.g. scl; empty for none."
    )


class Texts(Pretrained):
    """A transformer and a head that reads the mean of a text's pieces."""

    takes: ClassVar[tuple[str, ...]] = ("texts",)
    trial: ClassVar = {"epochs": 1}

    class Params(TextParams):
        """Settings of the fine-tuning."""

    class AdaptingParams(TextParams):
        """Settings of the fine-tuning."""

    def prepare(self, source: Domain, problem: Problem, progress: Progress) -> Preparation:
        torch_or_advice()
        from wb_pretrained.shared.fitting import Fitting
        from wb_pretrained.text.encoders import load_encoder

        p = self.params
        encoder = load_encoder(p.encoder)
        fitting = Fitting(p.freeze, p.layer_decay, p.gradual_unfreezing, p.lora)
        prepared = self.prepared(encoder, fitting, problem, progress)
        self.adapt(prepared, problem, progress)
        return prepared

    def prepared(self, encoder: Encoder, fitting: Fitting, problem: Problem, progress: Progress) -> Sentences:
        """What makes pieces of the inputs."""
        from wb_pretrained.text import preparing

        return preparing.Texts(encoder, fitting)

    def adapt(self, prepared: Sentences, problem: Problem, progress: Progress) -> None:
        """Nothing here: the encoder is taken as it is."""


class Words(Texts):
    """A transformer and a head that reads the vectors of words."""

    takes = ()

    class Params(WordParams):
        """Settings of the fine-tuning."""

    class AdaptingParams(WordParams):
        """Settings of the fine-tuning."""

    def prepared(self, encoder: Encoder, fitting: Fitting, problem: Problem, progress: Progress) -> Sentences:
        from wb_pretrained.text.preparing import Sentences

        return Sentences(encoder, fitting, self.params.word, self.word_features(problem, progress))

    def word_features(self, problem: Problem, progress: Progress) -> WordFeatures | None:
        """Nothing here: the head reads the encoder's vectors alone."""
        return None


class LanguageModel(Texts):
    """Mixed in before another body: its encoder first goes on with its language model on the target's text."""

    def adapt(self, prepared: Sentences, problem: Problem, progress: Progress) -> None:
        p: Any = self.params
        if not p.adapt_lm:
            return
        from wb_deep.training.checkpoints import Checkpoint
        from wb_deep.training.observers import LoopObserver
        from wb_deep.training.progress_report import ProgressReport
        from wb_pretrained.text.language_model import adapt

        planes, _ = type(prepared)(prepared.encoder).encode(problem.target.inputs)
        observers: list[LoopObserver] = [ProgressReport(progress, "language model")]
        if p.checkpoint_seconds:
            parts = ["language model", p.encoder, p.adapt_lm, p.adapt_rate, p.device, p.precision, problem.seed, planes]
            observers.insert(0, Checkpoint(parts, p.checkpoint_seconds, progress))
        place = {"device": p.device, "precision": p.precision}
        adapt(prepared.encoder, planes, p.adapt_lm, p.adapt_rate, problem.seed, observers, **place)


class AdaptedTexts(LanguageModel, Texts):
    """Whole texts over an encoder that has seen the target's."""

    class Params(LanguageModelParams):
        """Settings of both trainings."""


class AdaptedWords(LanguageModel, Words):
    """Words over an encoder that has seen the target's sentences."""

    class Params(LanguageModelParams, WordParams):
        """Settings of both trainings."""


class HeadFeatures(Words):
    """Words with further features, which the head reads beside the encoder's vectors."""

    trial: ClassVar = {"epochs": 1, "head_features": "scl"}

    class Params(HeadFeaturesParams):
        """Settings of the fine-tuning, and the features."""

    def word_features(self, problem: Problem, progress: Progress) -> WordFeatures | None:
        if not self.params.head_features:
            return None
        from wb_pretrained.text.word_features import WordFeatures
        from workbench.methods.featurizers import choose, new_featurizer

        source = problem.source.inputs
        featurizer = new_featurizer(choose(self.params.head_features, source, self.host, "--head-features"), self.host)
        assert featurizer is not None, "raw features are for matrices"
        progress.update(0.0, f"{self.params.head_features} features of the words")
        more = [] if problem.source_unlabelled is None else [problem.source_unlabelled.inputs]
        return WordFeatures.fit(featurizer.fit_domains(concatenate([source, *more]), problem.target.inputs), source)


class AdaptedHeadFeatures(LanguageModel, HeadFeatures):
    """Both: an encoder that has seen the target's sentences, and further features of words."""

    class Params(HeadFeaturesParams, LanguageModelParams):
        """Settings of both trainings, and the features."""
