"""Instance reweighting: source examples count by how likely the target is to hold their like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import FigureEntry, MethodEntry
    from workbench.plugins.registry import Registrar

REWEIGHTING: tuple[dict[str, Any], ...] = (
    {
        "name": "kmm",
        "factory": "wb_instance.kmm:KMM",
        "estimator": "wb_instance.kmm:KernelMeanMatching",
        "aliases": ("kernel-mean-matching",),
        "summary": "kernel mean matching: the weighted source's mean meets the target's",
    },
    {
        "name": "kliep",
        "factory": "wb_instance.kliep:KLIEP",
        "estimator": "wb_instance.kliep:KullbackLeiblerImportance",
        "summary": "the density ratio of greatest likelihood on the target",
    },
    {
        "name": "ulsif",
        "factory": "wb_instance.ulsif:ULSIF",
        "estimator": "wb_instance.ulsif:LeastSquaresImportance",
        "aliases": ("least-squares-importance-fitting",),
        "summary": "the density ratio of least squares, in closed form",
    },
    {
        "name": "rulsif",
        "factory": "wb_instance.ulsif:RULSIF",
        "estimator": "wb_instance.ulsif:RelativeLeastSquaresImportance",
        "summary": "the same, relative to a mixture, so that no weight explodes",
    },
    {
        "name": "domain-classifier",
        "factory": "wb_instance.discriminative:DomainClassifier",
        "estimator": "wb_instance.discriminative:DiscriminativeWeights",
        "aliases": ("discriminative-weights",),
        "summary": "odds of a classifier that tells the domains apart",
    },
    {
        "name": "nearest-weights",
        "factory": "wb_instance.nearest:NearestWeights",
        "estimator": "wb_instance.nearest:NearestNeighbourWeights",
        "aliases": ("nearest-neighbour-weights",),
        "summary": "how many target examples are nearest to each source example",
    },
)


@hookimpl
def wb_register_methods(register: Registrar[MethodEntry]) -> None:
    for method in REWEIGHTING:
        register(**method, task="classification", family="instance/reweighting", baseline="source-only")
    register(
        "tradaboost",
        "wb_instance.tradaboost:TrAdaBoost",
        estimator="wb_instance.tradaboost:TransferBoost",
        task="classification",
        family="instance/boosting",
        baseline="source-only",
        summary="boosting that forgets source examples which a few target ones contradict",
    )
    register(
        "label-shift",
        "wb_instance.label_shift:LabelShift",
        estimator="wb_instance.label_shift:LabelShiftClassifier",
        aliases=("prior-shift",),
        task="classification",
        family="instance/label-shift",
        baseline="source-only",
        summary="the classes' shares in the target are estimated, and the classifier is set right for them",
    )


@hookimpl
def wb_register_figures(register: Registrar[FigureEntry]) -> None:
    register(
        "weights",
        "wb_instance.figure:WeightHistogram",
        methods=(*(method["name"] for method in REWEIGHTING), "label-shift"),
        summary="histogram of the source examples' weights",
    )
