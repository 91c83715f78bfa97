"""Text: the tagging task, its readers and evaluator, the source-only tagger; texts as feature vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import EvaluatorEntry, FeaturizerEntry, MethodEntry, ReaderEntry, TaskEntry
    from workbench.plugins.registry import Registrar

TAGGING = "tagging"


@hookimpl
def wb_register_tasks(register: Registrar[TaskEntry]) -> None:
    register(TAGGING, "wb_text.tasks:TaggingTask", summary="one tag for each word of a sentence")


@hookimpl
def wb_register_readers(register: Registrar[ReaderEntry]) -> None:
    where = "wb_text.readers"
    text = {"task": TAGGING}
    register("conllu", f"{where}.conllu:CoNLLU", suffixes=(".conllu", ".conll"), summary="CoNLL-U", **text)
    register(
        "column",
        f"{where}.column:Column",
        suffixes=(".conll", ".tsv", ".col", ".tags", ".txt"),
        summary="one token a line, columns chosen by number",
        **text,
    )
    register("genia-xml", f"{where}.genia:GeniaXML", suffixes=(".xml",), summary="the GENIA treebank's XML", **text)
    register(
        "penn-brackets",
        f"{where}.penn:PennBrackets",
        suffixes=(".mrg",),
        summary="Penn Treebank trees, traces removed",
        **text,
    )
    register("plain-text", f"{where}.plain:PlainText", suffixes=(".txt", ".text"), summary="running text", **text)
    register(
        "slash-tagged",
        f"{where}.slash_tagged:SlashTagged",
        suffixes=(".pos", ".tagged", ".txt"),
        summary="word/TAG, one sentence a line",
        **text,
    )
    register(
        "tokenised-text",
        f"{where}.plain:TokenisedText",
        summary="tokens separated by blanks, one sentence a line",
        **text,
    )
    register(
        "table",
        f"{where}.table:Table",
        task="classification",
        suffixes=(".csv", ".tsv", ".jsonl", ".ndjson"),
        summary="texts and labels in named columns",
    )
    register(
        "text-lines",
        f"{where}.lines:TextLines",
        task="classification",
        suffixes=(".txt", ".text"),
        summary="one text a line, without labels",
    )
    register("posts", f"{where}.posts:Posts", task="classification", summary="messages, one folder for each class")
    register(
        "blitzer-reviews",
        f"{where}.reviews:BlitzerReviews",
        task="classification",
        suffixes=(".review",),
        summary="product reviews as Blitzer et al. distribute them",
    )


@hookimpl
def wb_register_evaluators(register: Registrar[EvaluatorEntry]) -> None:
    register(
        TAGGING,
        "wb_text.evaluators.tagging:TaggingEvaluator",
        task=TAGGING,
        summary="accuracy on all, unknown and ambiguous words, macro-F1, per tag",
    )


@hookimpl
def wb_register_featurizers(register: Registrar[FeaturizerEntry]) -> None:
    register(
        "tfidf", "wb_text.featurizers:TfIdf", inputs="texts", default=True, summary="TF-IDF of words and word pairs"
    )
    register(
        "shape", "wb_text.featurizers:WordShapes", inputs="sentences", summary="capitals, digits and signs of words"
    )


@hookimpl
def wb_register_methods(register: Registrar[MethodEntry]) -> None:
    where = "wb_text.tagging.methods"
    register(
        "source-only",
        f"{where}:SourceOnlyTagger",
        task=TAGGING,
        family="baseline",
        summary="a CRF tagger trained on the labelled source alone",
    )
    register(
        "self-training",
        f"{where}:SelfTraining",
        task=TAGGING,
        family="model/self-training",
        baseline="source-only",
        summary="tag the target, learn from the surest sentences",
    )
    register(
        "importance-weighting",
        f"{where}:ImportanceWeighting",
        task=TAGGING,
        family="instance",
        baseline="source-only",
        summary="weigh source sentences by a domain classifier",
    )
