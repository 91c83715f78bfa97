"""Distribution adaptation: TCA, STL, JDA, BDA, TJM and MEDA over any features."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import FigureEntry, MethodEntry
    from workbench.plugins.registry import Registrar

METHODS: tuple[dict[str, Any], ...] = (
    {
        "name": "tca",
        "factory": "wb_distribution.tca:TCA",
        "estimator": "wb_distribution.tca:TransferComponentAnalysis",
        "aliases": ("transfer-component-analysis",),
        "family": "feature/distribution/marginal",
        "summary": "components in which the domains' means meet",
    },
    {
        "name": "stl",
        "factory": "wb_distribution.stl:STL",
        "estimator": "wb_distribution.stl:StratifiedTransfer",
        "aliases": ("stratified-transfer-learning",),
        "family": "feature/distribution/conditional",
        "summary": "majority votes for confident pseudo labels, then transfer within each class",
    },
    {
        "name": "jda",
        "factory": "wb_distribution.jda:JDA",
        "estimator": "wb_distribution.jda:JointDistributionAdaptation",
        "aliases": ("joint-distribution-adaptation",),
        "family": "feature/distribution/joint",
        "summary": "the domains' and each class's means meet, by refined pseudo labels",
    },
    {
        "name": "bda",
        "factory": "wb_distribution.bda:BDA",
        "estimator": "wb_distribution.bda:BalancedDistributionAdaptation",
        "aliases": ("balanced-distribution-adaptation", "dda", "dynamic-bda", "dynamic-distribution-adaptation"),
        "family": "feature/distribution/joint",
        "summary": "JDA with the balance of both distributions estimated or set",
    },
    {
        "name": "tjm",
        "factory": "wb_distribution.tjm:TJM",
        "estimator": "wb_distribution.tjm:TransferJointMatching",
        "aliases": ("transfer-joint-matching",),
        "family": "feature/distribution/marginal",
        "summary": "matched means with source examples weighed by how they fit",
    },
    {
        "name": "meda",
        "factory": "wb_distribution.meda:MEDA",
        "estimator": "wb_distribution.meda:ManifoldEmbeddedAlignment",
        "aliases": ("manifold-embedded-distribution-alignment",),
        "family": "feature/distribution/joint",
        "summary": "a classifier on the manifold with dynamically balanced distributions",
    },
)


@hookimpl
def wb_register_methods(register: Registrar[MethodEntry]) -> None:
    for method in METHODS:
        register(**method, task="classification", baseline="source-only")


@hookimpl
def wb_register_figures(register: Registrar[FigureEntry]) -> None:
    register(
        "adaptation-trace",
        "wb_distribution.figure:AdaptationTrace",
        methods=("jda", "bda", "tjm", "meda", "stl"),
        summary="discrepancies and changed pseudo labels in every round",
    )
