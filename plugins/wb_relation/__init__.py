"""Relation-based transfer: rules of one relational domain carried to another by analogy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import CommandEntry, EvaluatorEntry, FigureEntry, MethodEntry, ReaderEntry, TaskEntry
    from workbench.plugins.registry import Registrar

TASK = "relations"
ASPECTS, OPINIONS = "aspects", "opinions"


@hookimpl
def wb_register_tasks(register: Registrar[TaskEntry]) -> None:
    register(TASK, "wb_relation.task:RelationTask", summary="does a relation hold between two things")
    register(ASPECTS, "wb_relation.aspects.task:AspectTask", summary="which words of reviews name an aspect")
    register(OPINIONS, "wb_relation.aspects.task:OpinionTask", summary="which words of reviews say an opinion")


@hookimpl
def wb_register_readers(register: Registrar[ReaderEntry]) -> None:
    where = "wb_relation.readers"
    register(
        "relational-json",
        f"{where}:RelationalJson",
        task=TASK,
        suffixes=(".json",),
        summary="facts and negatives of each mega-example",
    )
    register(
        "atoms",
        f"{where}:Atoms",
        task=TASK,
        suffixes=(".db", ".mln", ".pl", ".facts", ".atoms"),
        summary="p(a, b). as in BoostSRL, srlearn and Alchemy",
    )
    register(
        "annotated-reviews",
        "wb_relation.aspects.reviews:AnnotatedReviews",
        task=ASPECTS,
        suffixes=(".txt",),
        summary="aspect[+2]##sentence, as in Hu and Liu's reviews",
    )
    register(
        "reviews-with-lexicon",
        "wb_relation.aspects.reviews:ReviewsWithLexicon",
        task=OPINIONS,
        summary="the same reviews with a lexicon of opinion words beside them",
    )
    register("edges", f"{where}:Edges", task=TASK, summary="a table: relation, first, second and perhaps world")
    register("rdf", f"{where}:Rdf", task=TASK, suffixes=(".nt", ".ttl"), summary="RDF: N-Triples and Turtle")


@hookimpl
def wb_register_evaluators(register: Registrar[EvaluatorEntry]) -> None:
    register("links", "wb_relation.evaluator:LinkEvaluator", task=TASK, summary="AUC-PR, AUC-ROC, log-likelihood")
    for task in (ASPECTS, OPINIONS):
        register(
            task,
            "wb_relation.aspects.task:AspectEvaluator",
            task=task,
            summary="average precision, R-precision",
        )


@hookimpl
def wb_register_methods(register: Registrar[MethodEntry]) -> None:
    where = "wb_relation.methods"
    register(
        "target-only",
        f"{where}:TargetOnly",
        task=TASK,
        family="baseline",
        summary="ridge over all candidate clauses, from the labelled target links alone",
    )
    companions = ("target-rules", "random-analogy", "mapped-rules")
    for name, factory, summary, compared in (
        ("relation", "RelationTransfer", "rules of the source by analogy, refitted in the target", companions),
        ("target-rules", "TargetRules", "a few rules from the labelled target links alone", ()),
        ("random-analogy", "RandomAnalogy", "a random legal analogy with the same refit", ()),
        ("mapped-rules", "MappedRules", "the source's rules by structure, no target labels", ()),
    ):
        register(
            name,
            f"{where}:{factory}",
            task=TASK,
            family="relation",
            baseline="target-only",
            companions=compared,
            summary=summary,
        )

    _register_words(register, ASPECTS, "aspect")
    _register_words(register, OPINIONS, "opinion")


def _register_words(register: Registrar[MethodEntry], task: str, kind: str) -> None:
    where = "wb_relation.aspects.methods"
    register(
        f"{kind}-classifier",
        f"{where}:AspectClassifier",
        task=task,
        family="baseline",
        summary=f"the source's classifier of {kind} words alone",
    )
    register(
        f"{kind}-frequency",
        f"{where}:AspectFrequency",
        task=task,
        family="baseline",
        baseline=f"{kind}-classifier",
        summary="words by how often they occur",
    )
    register(
        "rap",
        f"{where}:RelationalAspects",
        task=task,
        family="relation",
        baseline=f"{kind}-classifier",
        companions=(f"{kind}-frequency",),
        summary=f"{kind} words by the source's classifier and relations",
    )


@hookimpl
def wb_register_figures(register: Registrar[FigureEntry]) -> None:
    register(
        "analogy",
        "wb_relation.figure:AnalogyFigure",
        methods=("relation", "random-analogy", "mapped-rules"),
        summary="both domains' relations, the matched predicates joined",
    )


@hookimpl
def wb_register_commands(register: Registrar[CommandEntry]) -> None:
    register("relation", "wb_relation.commands:relation", summary="look inside a run by analogy")
