"""Transformers trained with their head: on the source alone, after target text, and with a loss between domains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from wb_deep.methods import DeepMethod, EngineParams
from wb_deep.model import preparation, torch_or_advice
from workbench.domains import Domain, Inputs, Problem
from workbench.progress import Progress

if TYPE_CHECKING:
    from torch import nn

    from wb_deep.encoders import Encoder
    from wb_deep.engine import Training
    from wb_deep.preparing import Preparation


class TransformerParams(EngineParams):
    """Settings that fine-tuning shares with its baseline."""

    encoder: str = Field("minilm", description="minilm (bundled), a folder that save_pretrained wrote, or a hub name.")
    epochs: int = Field(3, ge=1, le=1000, description="Passes over the source, or over the larger domain.")
    batch_size: int = Field(16, ge=2, le=1024, description="Sentences or texts of each domain in a step.")
    rate: float = Field(1e-4, gt=0, le=1, description="Step size of AdamW at its height; the head's is 20 times it.")
    freeze: str = Field(
        "embeddings", description="What stays as it is: none, embeddings, all-but-head, or N, the lowest layers."
    )
    layer_decay: float = Field(1.0, gt=0, le=1, description="Step size of each layer over that of the one above.")
    gradual_unfreezing: bool = Field(False, description="Set one more layer free with each epoch, from the top.")
    l2_sp: float = Field(0.0, ge=0, le=1e3, description="Pull of the layers back to where they began (L2-SP).")
    lora: int = Field(0, ge=0, le=512, description="Rank of low-rank adapters that are trained in the layers' place.")


class Transformer(DeepMethod):
    """A pretrained encoder and a linear head, trained on the labelled source alone; the target is not touched.

    References
    ----------
    Devlin, Chang, Lee & Toutanova (NAACL 2019), § 3.2; Howard & Ruder (ACL 2018), layer-wise step sizes and gradual
    unfreezing; Li, Grandvalet & Davoine (ICML 2018), L2-SP; Hu et al. (ICLR 2022), LoRA.
    """

    class Params(TransformerParams):
        """Settings of the fine-tuning."""

    inputs: ClassVar[str] = "Sentences"

    def prepare(self, source: Domain, problem: Problem, progress: Progress) -> Preparation:
        torch_or_advice()
        from wb_deep.encoders import load_encoder
        from wb_deep.preparing_text import Fitting

        p = self.params
        encoder = load_encoder(p.encoder)
        self.adapt_encoder(encoder, problem.target.inputs, problem.seed, progress)
        fitting = Fitting(p.freeze, p.layer_decay, p.gradual_unfreezing, p.lora)
        found: Preparation = preparation(self.inputs)(encoder, fitting)  # type: ignore[call-arg]
        return found

    def adapt_encoder(self, encoder: Encoder, target: Inputs, seed: int, progress: Progress) -> None:
        """Nothing here: the encoder is taken as it is."""

    def training(self) -> Training:
        from wb_deep.engine import Training

        p = self.params
        return Training(
            p.epochs,
            p.batch_size,
            p.rate,
            weight=getattr(p, "weight", 0.0),
            decay=0.01,
            schedule="linear",
            clip=1.0,
            term_rate=1e-3,
        )

    def penalty(self, network: nn.Module) -> Any:
        if not self.params.l2_sp:
            return None
        from wb_deep.transformer import distance_penalty

        return distance_penalty(network, self.params.l2_sp)  # type: ignore[arg-type]


class FineTuned(Transformer):
    """Masked-language-model training of the encoder on the target's unlabelled text, then fine-tuning on the source.

    The budget of the fine-tuning is the baseline's; the language model's comes on top and is not shared with it.

    References
    ----------
    Gururangan et al. (ACL 2020), Don't stop pretraining; Han & Eisenstein (EMNLP 2019), AdaptaBERT.
    """

    class Params(TransformerParams):
        """Settings of both trainings."""

        adapt_lm: float = Field(
            2.0, ge=0, le=1000, description="Passes of masked-language-model training over the target's text; 0: none."
        )
        adapt_rate: float = Field(1e-4, gt=0, le=1, description="Its step size at its height.")

    def adapt_encoder(self, encoder: Encoder, target: Inputs, seed: int, progress: Progress) -> None:
        if not self.params.adapt_lm:
            return
        from wb_finetune.language_model import adapt

        prepared: Any = preparation(self.inputs)(encoder)  # type: ignore[call-arg]
        planes = prepared.encode(target)[0]
        adapt(encoder, planes, self.params.adapt_lm, 32, self.params.adapt_rate, seed, progress)


class TextTransformer(Transformer):
    """The same for whole texts: the head reads the mean of the pieces' vectors."""

    inputs = "Texts"


class TextFineTuned(FineTuned):
    """The same for whole texts."""

    inputs = "Texts"


def _params(default: float) -> Any:
    class Params(TransformerParams):
        """Settings of the fine-tuning and of the loss term."""

        weight: float = Field(default, ge=0, le=1e6, description="Of the loss term beside the source's cross-entropy.")

    return Params


class DDC(Transformer):
    """Deep domain confusion over an encoder's word vectors (Tzeng et al. 2014)."""

    Params = _params(0.1)
    term = "wb_deep.discrepancy:DDC"


class DeepCORAL(Transformer):
    """Deep CORAL over an encoder's word vectors (Sun & Saenko 2016)."""

    Params = _params(1.0)
    term = "wb_deep.discrepancy:DeepCORAL"


class DAN(Transformer):
    """Multi-kernel MMD of an encoder's word vectors (Long et al. 2015)."""

    Params = _params(0.1)
    term = "wb_deep.discrepancy:DAN"


class DANN(Transformer):
    """A domain discriminator of an encoder's word vectors (Ganin et al. 2016)."""

    Params = _params(0.1)
    term = "wb_deep.adversarial:DANN"


class MCC(Transformer):
    """Minimum class confusion of the target's words (Jin et al. 2020)."""

    Params = _params(0.1)
    term = "wb_deep.confusion:MCC"
