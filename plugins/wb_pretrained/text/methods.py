"""Transformers trained with their head: on the source alone, and after masked-language-model training on the target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from wb_deep.bodies.model import preparation, torch_or_advice
from wb_pretrained.finetuning import FineTuning
from wb_pretrained.settings import FittingParams
from workbench.data.domains import Domain, Problem
from workbench.data.inputs import Inputs, concatenate
from workbench.progress import Progress

if TYPE_CHECKING:
    from wb_deep.bodies.contract import Preparation
    from wb_pretrained.text.encoders import Encoder
    from wb_pretrained.text.word_features import Beside


class TransformerParams(FittingParams):
    """Settings that fine-tuning shares with its baseline."""

    encoder: str = Field("minilm", description="minilm (bundled), a folder that save_pretrained wrote, or a hub name.")
    freeze: str = Field(
        "embeddings", description="What stays as it is: none, embeddings, all-but-head, or N, the lowest layers."
    )
    lora: int = Field(0, ge=0, le=512, description="Rank of low-rank adapters that are trained in the layers' place.")


class WordParams(TransformerParams):
    """The same where the head reads vectors of words."""

    word: Literal["first", "mean", "ends"] = Field(
        "ends", description="Its pieces that stand for a word: the first, the mean of all, or the first and the last."
    )


class AdaptParams(TransformerParams):
    """The same with the language model's training."""

    adapt_lm: float = Field(
        2.0, ge=0, le=1000, description="Passes of masked-language-model training over the target's text; 0: none."
    )
    adapt_rate: float = Field(1e-4, gt=0, le=1, description="Its step size at its height.")


class Transformer(FineTuning):
    """A pretrained encoder and a linear head, trained on the labelled source alone; the target is not touched.

    References
    ----------
    Devlin, Chang, Lee & Toutanova (NAACL 2019), § 3.2; Howard & Ruder (ACL 2018), layer-wise step sizes and gradual
    unfreezing; Li, Grandvalet & Davoine (ICML 2018), L2-SP; Hu et al. (ICLR 2022), LoRA.
    """

    class Params(WordParams):
        """Settings of the fine-tuning."""

    inputs: ClassVar[str] = "wb_pretrained.text.preparing:Sentences"
    trial: ClassVar[Mapping[str, Any]] = {"epochs": 1}

    def prepare(self, source: Domain, problem: Problem, progress: Progress) -> Preparation:
        self.check_inputs(problem)
        torch_or_advice()
        from wb_pretrained.fitting import Fitting
        from wb_pretrained.text.encoders import load_encoder

        p = self.params
        encoder = load_encoder(p.encoder)
        self.adapt_encoder(encoder, problem.target.inputs, problem.seed, progress)
        fitting = Fitting(p.freeze, p.layer_decay, p.gradual_unfreezing, p.lora)
        kind: Any = preparation(self.inputs)
        found: Preparation = kind(encoder, fitting, getattr(p, "word", None), self.beside(problem, progress))
        return found

    def beside(self, problem: Problem, progress: Progress) -> Beside | None:
        """Nothing here: the head reads the encoder's vectors alone."""
        return None

    def adapt_encoder(self, encoder: Encoder, target: Inputs, seed: int, progress: Progress) -> None:
        """Nothing here: the encoder is taken as it is."""


class FineTuned(Transformer):
    """Masked-language-model training of the encoder on the target's unlabelled text, then fine-tuning on the source.

    The budget of the fine-tuning is the baseline's; the language model's comes on top and is not shared with it.

    References
    ----------
    Gururangan et al. (ACL 2020), Don't stop pretraining; Han & Eisenstein (EMNLP 2019), AdaptaBERT.
    """

    class Params(AdaptParams, WordParams):
        """Settings of both trainings."""

    def adapt_encoder(self, encoder: Encoder, target: Inputs, seed: int, progress: Progress) -> None:
        if not self.params.adapt_lm:
            return
        from wb_pretrained.text.language_model import adapt

        prepared: Any = preparation(self.inputs)(encoder)  # type: ignore[call-arg]
        planes = prepared.encode(target)[0]
        adapt(encoder, planes, self.params.adapt_lm, 32, self.params.adapt_rate, seed, progress)


class HeadFeatures(Transformer):
    """The same with further features of words, which the head reads beside the encoder's vectors.

    A featurizer that learns from the unlabelled text of both domains, such as SCL's projection, tells the head of a
    word that the source lacks what its contexts share with words that it has.

    References
    ----------
    Blitzer, McDonald & Pereira (EMNLP 2006): projected features beside a tagger's own.
    """

    trial: ClassVar[Mapping[str, Any]] = {"epochs": 1, "head_features": "scl"}

    class Params(WordParams):
        """Settings of the fine-tuning, and the features."""

        head_features: str = Field(
            "", description="Features of words that the head reads beside the vectors, e.g. scl; empty for none."
        )

    def beside(self, problem: Problem, progress: Progress) -> Beside | None:
        if not self.params.head_features:
            return None
        from wb_pretrained.text.word_features import Beside
        from workbench.methods.featurizers import choose, new_featurizer

        source = problem.source.inputs
        featurizer = new_featurizer(choose(self.params.head_features, source, self.host, "--head-features"), self.host)
        assert featurizer is not None, "raw features are for matrices"
        progress.update(0.0, f"{self.params.head_features} features of the words")
        more = [] if problem.source_unlabelled is None else [problem.source_unlabelled.inputs]
        return Beside.fit(featurizer.fit_domains(concatenate([source, *more]), problem.target.inputs), source)


class FineTunedHeadFeatures(HeadFeatures, FineTuned):
    """Both: the encoder goes on with its language model on the target's text, and the head reads further features."""

    class Params(HeadFeatures.Params, FineTuned.Params):
        """Settings of both trainings, and the features."""


class TextTransformer(Transformer):
    """The same for whole texts: the head reads the mean of the pieces' vectors."""

    inputs = "wb_pretrained.text.preparing:Texts"
    takes = ("texts",)

    class Params(TransformerParams):
        """Settings of the fine-tuning."""


class TextFineTuned(FineTuned):
    """The same for whole texts."""

    inputs = "wb_pretrained.text.preparing:Texts"
    takes = ("texts",)

    class Params(AdaptParams):
        """Settings of both trainings."""
