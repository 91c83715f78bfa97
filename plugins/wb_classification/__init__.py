"""Classification of feature vectors: task, evaluator, classifiers and the source-only classifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from workbench.plugins.entries import ClassifierEntry, EvaluatorEntry, MethodEntry, TaskEntry
    from workbench.plugins.registry import Registrar

TASK = "classification"


@hookimpl
def wb_register_tasks(register: Registrar[TaskEntry]) -> None:
    register(TASK, "wb_classification.task:ClassificationTask", summary="one class for each example")


@hookimpl
def wb_register_evaluators(register: Registrar[EvaluatorEntry]) -> None:
    register(
        "classification",
        "wb_classification.evaluator:ClassificationEvaluator",
        task=TASK,
        summary="accuracy, macro-F1, per class",
    )


@hookimpl
def wb_register_classifiers(register: Registrar[ClassifierEntry]) -> None:
    where = "wb_classification.classifiers"
    register("1nn", f"{where}:nearest_neighbour", summary="nearest neighbour, Euclidean")
    register("logreg", f"{where}:logistic_regression", default=True, summary="logistic regression")
    register("logreg-cv", f"{where}:tuned_logistic_regression", summary="the same, its cost chosen on the source")
    register("svm", f"{where}:support_vector_machine", summary="support vector machine, linear kernel")
    register("svm-cv", f"{where}:tuned_support_vector_machine", summary="the same, its cost chosen on the source")
    register("linear-svm", f"{where}:linear_support_vector_machine", summary="the same at large scale, one-vs-rest")


@hookimpl
def wb_register_methods(register: Registrar[MethodEntry]) -> None:
    register(
        "source-only",
        "wb_classification.source_only:SourceOnly",
        task=TASK,
        family="baseline",
        summary="the same features and classifier with no adaptation",
    )
