"""Fine-tuning of pretrained transformers, and deep adaptation of them, for words and for texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.registry import FigureEntry, MethodEntry, Registrar

TAGGERS = (
    ("ddc", "DDC", "deep/discrepancy", "one-kernel MMD of the encoder's word vectors"),
    ("deep-coral", "DeepCORAL", "deep/discrepancy", "covariances of the encoder's word vectors"),
    ("dan", "DAN", "deep/discrepancy", "multi-kernel MMD of the encoder's word vectors"),
    ("dann", "DANN", "deep/adversarial", "a domain discriminator of the encoder's word vectors"),
    ("mcc", "MCC", "deep/self-training", "minimum class confusion of the target's words"),
)


@hookimpl
def wb_register_methods(register: Registrar[MethodEntry]) -> None:
    where = "wb_finetune.methods"
    for task, prefix in (("tagging", ""), ("classification", "Text")):
        register(
            "transformer",
            f"{where}:{prefix}Transformer",
            task=task,
            family="baseline",
            extra="deep",
            summary="a pretrained encoder and a head, trained on the source alone",
        )
        register(
            "finetune-transformer",
            f"{where}:{prefix}FineTuned",
            task=task,
            family="model/fine-tuning",
            baseline="transformer",
            extra="deep",
            summary="the same after masked-language-model training on the target's text",
        )
    for name, factory, family, summary in TAGGERS:
        register(
            name,
            f"{where}:{factory}",
            task="tagging",
            family=family,
            baseline="transformer",
            extra="deep",
            summary=summary,
        )


@hookimpl
def wb_register_figures(register: Registrar[FigureEntry]) -> None:
    register(
        "fine-tuning",
        "wb_deep.figure:TrainingTrace",
        methods=("transformer", "finetune-transformer"),
        summary="losses over the epochs",
    )
