"""Subspace and statistical alignment: SA, SDA, GFK, CORAL and optimal transport over any features."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import MethodEntry
    from workbench.plugins.registry import Registrar

SUBSPACE, STATISTICAL = "feature/alignment/subspace", "feature/alignment/statistical"

METHODS: tuple[dict[str, Any], ...] = (
    {
        "name": "sa",
        "factory": "wb_subspace.alignment:SA",
        "estimator": "wb_subspace.alignment:SubspaceAlignment",
        "aliases": ("subspace-alignment",),
        "family": SUBSPACE,
        "summary": "the source's principal directions turned to the target's",
    },
    {
        "name": "sda",
        "factory": "wb_subspace.alignment:SDA",
        "estimator": "wb_subspace.alignment:SubspaceDistributionAlignment",
        "aliases": ("subspace-distribution-alignment",),
        "family": SUBSPACE,
        "summary": "the same, and the variances along them matched",
    },
    {
        "name": "gfk",
        "factory": "wb_subspace.geodesic:GFK",
        "estimator": "wb_subspace.geodesic:GeodesicFlow",
        "aliases": ("geodesic-flow-kernel",),
        "family": SUBSPACE,
        "summary": "all subspaces between source and target at once",
    },
    {
        "name": "coral",
        "factory": "wb_subspace.coral:CORAL",
        "estimator": "wb_subspace.coral:CorrelationAlignment",
        "aliases": ("correlation-alignment",),
        "family": STATISTICAL,
        "summary": "the source's covariance made the target's",
    },
    {
        "name": "ot",
        "factory": "wb_subspace.transport:OT",
        "estimator": "wb_subspace.transport:OptimalTransport",
        "aliases": ("optimal-transport",),
        "family": STATISTICAL,
        "extra": "transport",
        "summary": "source moved to the target at the least cost",
    },
)


@hookimpl
def wb_register_methods(register: Registrar[MethodEntry]) -> None:
    for method in METHODS:
        register(**method, task="classification", baseline="source-only")
