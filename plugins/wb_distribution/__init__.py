"""Distribution adaptation: TCA, STL, JDA, BDA, TJM and MEDA over any features."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import FigureEntry, MethodEntry
    from workbench.plugins.registry import Registrar

METHODS = (
    ("tca", "tca:TCA", "marginal", "components in which the domains' means meet"),
    ("stl", "stl:STL", "conditional", "majority votes for confident pseudo labels, then transfer within each class"),
    ("jda", "jda:JDA", "joint", "the domains' and each class's means meet, by refined pseudo labels"),
    ("bda", "bda:BDA", "joint", "JDA with the balance of both distributions estimated or set"),
    ("tjm", "tjm:TJM", "marginal", "matched means with source examples weighed by how they fit"),
    ("meda", "meda:MEDA", "joint", "a classifier on the manifold with dynamically balanced distributions"),
)


@hookimpl
def wb_register_methods(register: Registrar[MethodEntry]) -> None:
    for name, factory, kind, summary in METHODS:
        register(
            name,
            f"wb_distribution.{factory}",
            task="classification",
            family=f"feature/distribution/{kind}",
            baseline="source-only",
            summary=summary,
        )


@hookimpl
def wb_register_figures(register: Registrar[FigureEntry]) -> None:
    register(
        "adaptation-trace",
        "wb_distribution.figure:AdaptationTrace",
        methods=("jda", "bda", "tjm", "meda", "stl"),
        summary="discrepancies and changed pseudo labels in every round",
    )
