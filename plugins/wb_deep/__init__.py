"""Deep adaptation: one engine, one loss for each method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import FigureEntry, MethodEntry
    from workbench.plugins.registry import Registrar

LOSSES = (
    ("ddc", "ddc:DDC", "deep/discrepancy", "one-kernel MMD of the last hidden layer"),
    (
        "deep-coral",
        "deep_coral:DeepCORAL",
        "deep/discrepancy",
        "covariances of the last hidden layer and the predictions",
    ),
    ("dan", "dan:DAN", "deep/discrepancy", "multi-kernel MMD of the last hidden layer and the predictions"),
    ("jan", "jan:JAN", "deep/discrepancy", "MMD of features and predictions jointly"),
    ("dsan", "dsan:DSAN", "deep/discrepancy", "local MMD, class by class"),
    ("dann", "dann:DANN", "deep/adversarial", "a domain discriminator behind a gradient reversal"),
    ("cdan", "cdan:CDAN", "deep/adversarial", "a discriminator of features and predictions, CDAN+E"),
    ("daan", "daan:DAAN", "deep/adversarial", "global and class-wise discriminators in balance"),
    ("mcd", "mcd:MCD", "deep/adversarial", "two classifiers that part on the target, features that reconcile them"),
    ("adda", "adda:ADDA", "deep/adversarial", "a target encoder that a discriminator takes for the source's"),
    ("mcc", "mcc:MCC", "deep/self-training", "minimum class confusion"),
    ("bnm", "bnm:BNM", "deep/self-training", "batch nuclear-norm maximisation"),
    ("pseudo-label", "pseudo_label:PseudoLabel", "deep/self-training", "the target's own sure predictions as labels"),
    (
        "fixmatch",
        "fixmatch:FixMatch",
        "deep/self-training",
        "sure labels of weakly changed examples, taught to strong changes",
    ),
    ("im", "information:InformationMaximisation", "deep/self-training", "sure and balanced target predictions"),
)
"""(name, module and class below ``wb_deep.methods``, family, summary) of every method that is a loss."""


@hookimpl
def wb_register_methods(register: Registrar[MethodEntry]) -> None:
    where = "wb_deep.methods.network"
    register(
        "network",
        f"{where}:SourceNetwork",
        task="classification",
        family="baseline",
        extra="deep",
        summary="a small network trained on the source alone",
    )
    register(
        "adabn",
        f"{where}:AdaBN",
        task="classification",
        family="deep/statistics",
        baseline="network",
        extra="deep",
        summary="the same network with the target's batch-norm statistics",
    )
    for name, factory, family, summary in LOSSES:
        register(
            name,
            f"wb_deep.methods.{factory}",
            task="classification",
            family=family,
            baseline="network",
            companions=("adabn",),
            extra="deep",
            summary=summary,
        )


@hookimpl
def wb_register_figures(register: Registrar[FigureEntry]) -> None:
    register(
        "training",
        "wb_deep.figure:TrainingTrace",
        methods=("network", "adabn", *(name for name, *_ in LOSSES)),
        summary="losses over the epochs",
    )
