"""Structural correspondence learning, for tagging and for classification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import CommandEntry, FeaturizerEntry, FigureEntry, MethodEntry
    from workbench.plugins.registry import Registrar

FAMILY = "feature/selection"


@hookimpl
def wb_register_featurizers(register: Registrar[FeaturizerEntry]) -> None:
    register("scl", "wb_scl.featurizer:SharedWords", inputs="sentences", summary="SCL's projected features of words")


@hookimpl
def wb_register_methods(register: Registrar[MethodEntry]) -> None:
    register(
        "scl",
        "wb_scl.tagging:SCLTagging",
        task="tagging",
        family=FAMILY,
        baseline="source-only",
        summary="structural correspondence learning: features shared through pivots",
    )
    register(
        "scl",
        "wb_scl.classification:SCLClassification",
        task="classification",
        family=FAMILY,
        baseline="source-only",
        summary="structural correspondence learning: features shared through pivots",
    )


@hookimpl
def wb_register_figures(register: Registrar[FigureEntry]) -> None:
    register(
        "scl-dimension",
        "wb_scl.figure:SharedDimension",
        methods=("scl",),
        summary="the words of both domains along one projected dimension",
    )


@hookimpl
def wb_register_commands(register: Registrar[CommandEntry]) -> None:
    register("scl", "wb_scl.commands:scl", summary="Look inside an SCL run: pivots and neighbours.")
