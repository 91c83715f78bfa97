"""Subspace and statistical alignment: SA, SDA, GFK, CORAL and optimal transport over any features."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import MethodEntry
    from workbench.plugins.registry import Registrar

METHODS = (
    (
        "sa",
        "alignment:SA",
        "feature/alignment/subspace",
        "",
        "the source's principal directions turned to the target's",
    ),
    ("sda", "alignment:SDA", "feature/alignment/subspace", "", "the same, and the variances along them matched"),
    ("gfk", "geodesic:GFK", "feature/alignment/subspace", "", "all subspaces between source and target at once"),
    ("coral", "coral:CORAL", "feature/alignment/statistical", "", "the source's covariance made the target's"),
    (
        "ot",
        "transport:OT",
        "feature/alignment/statistical",
        "transport",
        "source moved to the target at the least cost",
    ),
)


@hookimpl
def wb_register_methods(register: Registrar[MethodEntry]) -> None:
    for name, factory, family, extra, summary in METHODS:
        register(
            name,
            f"wb_subspace.{factory}",
            task="classification",
            family=family,
            baseline="source-only",
            extra=extra,
            summary=summary,
        )
