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

ESTIMATORS = (
    ("held-out", "held_out:HeldOutAccuracy", "accuracy on the source, the naive bound"),
    ("average-confidence", "confidence:AverageConfidence", "mean probability of the predicted classes"),
    ("doc", "confidence:DifferenceOfConfidences", "accuracy on the source less the drop in confidence"),
    ("atc", "threshold:AverageThresholdedConfidence", "share of examples less unsure than a threshold"),
    ("atc-confidence", "threshold:MaximumATC", "share of examples surer than a threshold"),
    ("importance-weighted", "weighted:ImportanceWeightedAccuracy", "accuracy on the source, weighted to the target"),
    ("cbpe", "calibrated:ExpectedPerformance", "what calibrated probabilities expect, as NannyML"),
    ("cot", "transport:ConfidenceOptimalTransport", "distance of the predictions from the source's class shares"),
    ("agreement", "agreement:Agreement", "share on which two trainings agree"),
    ("label-shift", "label_shift:LabelShiftConfidence", "confidence corrected for the target's class shares"),
    ("head", "heads:HeadAgreement", "how much less often a logistic head agrees than on the source"),
    ("label-shift-recall", "label_shift:LabelShiftRecall", "recall of each class by the target's class shares"),
    ("consensus", "consensus:Consensus", "the best of them together, and the difference of two models"),
)


@hookimpl
def wb_register_selectors(register: Registrar[SelectorEntry]) -> None:
    for name, factory, summary in SELECTORS:
        register(name, f"wb_selection.{factory}", summary=summary)


@hookimpl
def wb_register_estimators(register: Registrar[EstimatorEntry]) -> None:
    for name, factory, summary in ESTIMATORS:
        register(name, f"wb_selection.estimators.{factory}", summary=summary)
