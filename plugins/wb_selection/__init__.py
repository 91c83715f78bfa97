"""Label-free model selection, and estimates of accuracy without labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import EstimatorEntry, SelectorEntry
    from workbench.plugins.registry import Registrar

SELECTORS = (
    ("entropy", "outputs:Entropy", "sure predictions"),
    ("infomax", "outputs:InfoMax", "sure and diverse predictions"),
    ("bnm", "outputs:BatchNuclearNorm", "nuclear norm of the prediction matrix"),
    ("mano", "outputs:MaNo", "norm of the prediction matrix"),
    ("snd", "outputs:SoftNeighbourhoodDensity", "dense neighbourhoods of the predictions"),
    ("class-ami", "structure:ClassAMI", "clusters of the features that agree with the predicted classes"),
    ("mixval", "structure:MixVal", "mixtures of target examples that are classified as their parts"),
    ("reverse-validation", "validation:ReverseValidation", "the way back from pseudo labels to the source"),
    ("iwv", "validation:ImportanceWeightedValidation", "held-out source accuracy, weighted towards the target"),
    ("dev", "validation:DeepEmbeddedValidation", "the same with a control variate"),
)

ESTIMATORS = (("average-confidence", "confidence:AverageConfidence", "mean greatest probability"),)


@hookimpl
def wb_register_selectors(register: Registrar[SelectorEntry]) -> None:
    for name, factory, summary in SELECTORS:
        register(name, f"wb_selection.{factory}", summary=summary)


@hookimpl
def wb_register_estimators(register: Registrar[EstimatorEntry]) -> None:
    for name, factory, summary in ESTIMATORS:
        register(name, f"wb_selection.estimators.{factory}", summary=summary)
