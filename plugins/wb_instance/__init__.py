"""Instance reweighting: source examples count by how likely the target is to hold their like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import FigureEntry, MethodEntry
    from workbench.plugins.registry import Registrar

METHODS = (
    ("kmm", "kmm:KMM", "kernel mean matching: the weighted source's mean meets the target's"),
    ("kliep", "kliep:KLIEP", "the density ratio of greatest likelihood on the target"),
    ("ulsif", "ulsif:ULSIF", "the density ratio of least squares, in closed form"),
    ("rulsif", "ulsif:RULSIF", "the same, relative to a mixture, so that no weight explodes"),
    ("domain-classifier", "discriminative:DomainClassifier", "odds of a classifier that tells the domains apart"),
    ("nearest-weights", "nearest:NearestWeights", "how many target examples are nearest to each source example"),
    ("tradaboost", "tradaboost:TrAdaBoost", "boosting that forgets source examples which a few target ones contradict"),
)


@hookimpl
def wb_register_methods(register: Registrar[MethodEntry]) -> None:
    for name, factory, summary in METHODS:
        register(
            name,
            f"wb_instance.{factory}",
            task="classification",
            family="instance/reweighting" if name != "tradaboost" else "instance/boosting",
            baseline="source-only",
            summary=summary,
        )


@hookimpl
def wb_register_figures(register: Registrar[FigureEntry]) -> None:
    register(
        "weights",
        "wb_instance.figure:WeightHistogram",
        methods=tuple(name for name, _, _ in METHODS if name != "tradaboost"),
        summary="histogram of the source examples' weights",
    )
