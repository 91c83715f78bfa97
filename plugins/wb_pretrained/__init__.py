"""Fine-tuning of pretrained transformers and image networks, and deep adaptation of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_deep import LOSSES
from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import CommandEntry, FeaturizerEntry, FigureEntry, MethodEntry
    from workbench.plugins.registry import Registrar

BODIES = (
    ("words", "tagging", "", "transformer", "words of a transformer that is trained with it"),
    ("texts", "classification", "encoder", "transformer", "texts of a transformer that is trained with it"),
    ("images", "classification", "model", "finetune", "images of a pretrained network that is trained with it"),
)
"""(body, task, variant, baseline, what the loss is over)."""

IMAGES_ONLY = ("fixmatch",)
"""Its views are changed examples, and no change of a text's pieces is known to leave its class as it is."""


@hookimpl
def wb_register_methods(register: Registrar[MethodEntry]) -> None:
    _register_transformers(register)
    _register_image_networks(register)
    for name, reference, family, summary in LOSSES:
        for body, task, variant, baseline, examples in BODIES:
            if body == "images" or name not in IMAGES_ONLY:
                register(
                    name,
                    f"wb_pretrained.adapting:{body}_{reference.partition(':')[2]}",
                    task=task,
                    variant=variant,
                    family=family,
                    baseline=baseline,
                    extra="deep",
                    summary=f"{summary}, over {examples}",
                )


def _register_transformers(register: Registrar[MethodEntry]) -> None:
    """Pretrained encoders of text trained with a new head, and their baseline."""
    for task, prefix in (("tagging", ""), ("classification", "Text")):
        register(
            "transformer",
            f"wb_pretrained.text.methods:{prefix}Transformer",
            task=task,
            family="baseline",
            extra="deep",
            summary="a pretrained encoder and a head, trained on the source alone",
        )
        register(
            "finetune-transformer",
            f"wb_pretrained.text.methods:{prefix}FineTuned",
            task=task,
            family="model/fine-tuning",
            baseline="transformer",
            extra="deep",
            summary="the same after masked-language-model training on the target's text",
        )
    for name, prefix, first in (
        ("transformer", "", "the same"),
        ("finetune-transformer", "FineTuned", "after masked-language-model training"),
    ):
        register(
            name,
            f"wb_pretrained.text.methods:{prefix}HeadFeatures",
            task="tagging",
            variant="head-features",
            family="feature/selection",
            baseline="transformer",
            extra="deep",
            summary=f"{first}, with further features of words before the head, e.g. SCL's",
        )


def _register_image_networks(register: Registrar[MethodEntry]) -> None:
    """Pretrained networks of images trained with a new head, and their baselines."""
    register(
        "linear-probe",
        "wb_pretrained.images.methods:LinearProbe",
        task="classification",
        family="baseline",
        extra="deep",
        summary="a pretrained image network of which the head alone is trained",
    )
    register(
        "finetune",
        "wb_pretrained.images.methods:FineTune",
        task="classification",
        family="model/fine-tuning",
        baseline="linear-probe",
        companions=("finetune-adabn",),
        extra="deep",
        summary="a pretrained image network with a new head, fine-tuned by depth",
    )
    register(
        "finetune-adabn",
        "wb_pretrained.images.methods:FineTuneAdaBN",
        task="classification",
        family="deep/statistics",
        baseline="finetune",
        extra="deep",
        summary="the fine-tuned image network with the target's batch-norm statistics",
    )


@hookimpl
def wb_register_featurizers(register: Registrar[FeaturizerEntry]) -> None:
    register(
        "embedding",
        "wb_pretrained.text.embedding:Embedding",
        inputs="texts",
        extra="deep",
        summary="vectors of a frozen sentence encoder",
    )
    register(
        "cnn",
        "wb_pretrained.images.convolutional:Convolutional",
        inputs="images",
        extra="deep",
        summary="features of a network trained on ImageNet",
    )


@hookimpl
def wb_register_figures(register: Registrar[FigureEntry]) -> None:
    register(
        "fine-tuning",
        "wb_deep.figure:TrainingTrace",
        methods=("transformer", "finetune-transformer", "finetune", "linear-probe", "finetune-adabn"),
        summary="losses over the epochs",
    )


@hookimpl
def wb_register_commands(register: Registrar[CommandEntry]) -> None:
    register(
        "finetune",
        "wb_pretrained.images.commands:finetune",
        summary="Look inside an image network: what its filters see.",
    )
